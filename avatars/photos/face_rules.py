"""The rules about the face in a photo, met only where the extra `face` is installed."""

from avatars.photos.rule import Rule

_FRAME = "On the photo desk, “Frame it for me” does it."

NO_FACE = Rule(
    code="no-face",
    check="face",
    severity="advice",
    title="No face was found",
    wanted="one face that looks at the camera",
    how_to_fix="Choose a photo in which the face is large, well lit and not covered. If you can "
    "see it clearly, send the photo as it is.",
    why="Anam needs a face to make it speak, and refuses photos in which it finds none. Greenroom "
    "looks for one before anything is spent. It can be wrong about drawings, masks and faces seen "
    "from the side, so it only tells you.",
)
SEVERAL_FACES = Rule(
    code="several-faces",
    check="face",
    severity="advice",
    title="There are several faces",
    wanted="one face",
    how_to_fix="Draw the frame around the one that is meant, or choose a photo of one person.",
    why="An avatar is one person. With two faces in the picture nobody can say which of them will "
    "speak, and the others were hardly asked. Small faces far in the background are not counted.",
)
FACE_SIDEWAYS = Rule(
    code="face-sideways",
    check="face",
    severity="advice",
    title="The face does not stand upright",
    wanted="an upright face",
    how_to_fix=f"Turn the photo until the face stands upright. {_FRAME}",
    why="Scans and pictures out of other programs often carry no note on which side is up. Anam "
    "takes the photo as it lies, and a lying face is seldom recognised as one.",
)
FACE_CUT = Rule(
    code="face-cut",
    check="face",
    severity="advice",
    title="The face is cut off",
    wanted="the whole face, with room on all sides",
    how_to_fix="Move the frame until chin, forehead and both cheeks are inside. If the photo "
    "itself ends there, choose another one.",
    why="What the photo does not show has to be invented: a chin or a cheek that nobody has. It "
    "moves with every word, so people see that it is not right.",
)
FACE_SMALL = Rule(
    code="face-small",
    check="face",
    severity="advice",
    title="The face is small",
    wanted="the head about a third of the height",
    how_to_fix=f"Draw the frame closer around head and shoulders. {_FRAME} If few pixels are left "
    "then, choose a photo that was taken from nearer.",
    why="Everything around the head is wasted on an avatar, and eyes and mouth get too few pixels "
    "to move well. With a head of about a third of the height, shoulders and chest are still in "
    "the picture.",
)
FACE_LARGE = Rule(
    code="face-large",
    check="face",
    severity="advice",
    title="The face fills the picture",
    wanted="the head about a third of the height, with shoulders and chest",
    how_to_fix="Draw the frame wider. If the photo shows no more, choose one that was taken from "
    "further away.",
    why="The upright and the wide frame are both cut out of the square, and each loses a third of "
    "it. So hair, chin and shoulders need room around them, or they are cut away.",
)
FACE_TILTED = Rule(
    code="face-tilted",
    check="face",
    severity="advice",
    title="The head is tilted",
    wanted="an upright head",
    how_to_fix="Straighten the photo in a picture program, or choose one with the head upright.",
    why="The avatar keeps the pose of its photo for as long as it speaks. A tilt that looks lively "
    "in a snapshot looks stiff after a minute.",
)
FACE_TURNED = Rule(
    code="face-turned",
    check="face",
    severity="advice",
    title="The face looks to the side",
    wanted="a face that looks at the camera",
    how_to_fix="Choose a photo in which the person looks straight into the camera.",
    why="An avatar looks at whoever it talks with. From the side, one eye and half of the mouth "
    "are hidden and have to be invented.",
)
FACE_OFF_CENTRE = Rule(
    code="face-off-centre",
    check="face",
    severity="advice",
    title="The face is not in the middle",
    wanted="about 50 % of the width",
    how_to_fix=f"Move the frame until the face is in its middle. {_FRAME}",
    why="The upright frame is the middle two thirds of the square. A face further to the side "
    "loses its shoulder or its ear there.",
)
FACE_HIGH = Rule(
    code="face-high",
    check="face",
    severity="advice",
    title="The face is too high",
    wanted="the mouth at about 50 % of the height, a quarter of it free above the hair",
    how_to_fix=f"Move the frame up, or choose a photo with more room above the hair. {_FRAME}",
    why="The wide frame is the middle two thirds of the square, so a sixth is lost at the top. "
    "With the mouth at half the height and a quarter free above the hair, all of the head stays.",
)
FACE_LOW = Rule(
    code="face-low",
    check="face",
    severity="advice",
    title="The face is too low",
    wanted=FACE_HIGH.wanted,
    how_to_fix=f"Move the frame down, or choose a photo that shows shoulders and chest. {_FRAME}",
    why="The wide frame is the middle two thirds of the square, so a sixth is lost at the bottom. "
    "Shoulders and chest carry the head: without them it seems to float.",
)

FACE_RULES = (
    NO_FACE,
    SEVERAL_FACES,
    FACE_SIDEWAYS,
    FACE_CUT,
    FACE_SMALL,
    FACE_LARGE,
    FACE_TILTED,
    FACE_TURNED,
    FACE_OFF_CENTRE,
    FACE_HIGH,
    FACE_LOW,
)
