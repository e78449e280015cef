"""Every number a photo is held against. Sizes in pixels or decimal bytes."""

FILE_BYTES_MAX = 10_000_000

# The largest pictures that phones take have 50 million pixels.
PIXELS_MAX = 50_000_000

# Bytes that working on one photo may take, the file and what is written of it apart. What a pixel
# takes depends on how it is stored, so some kinds may have fewer pixels (`Header.weight`). Photos
# whose kind can be decoded at half the size are, from the lower number on.
MEMORY_MAX = 260_000_000
HALVED_ABOVE = 200_000_000

# Anam documents no smallest size; below this a face has too few pixels to work with.
SHORT_SIDE_MIN = 256

# cara-4 cuts 1152 x 768 and 768 x 1152 frames (Anam reference, July 2026).
SHORT_SIDE_ADVISED = 1152

# Longer side to shorter side: no head and shoulders fit into a narrower strip.
ASPECT_MAX = 4.0
ASPECT_SQUARE = 1.02

# Anam takes 4.5 MB and counts the whole request (Anam reference, April 2026). Read as
# decimal, which holds either way; the rest of the multipart body gets 4,096 bytes of it.
SENT_BYTES_MAX = 4_500_000 - 4_096

# Cameras write about ten scans. Thousands fit into a small file, and each one walks
# over the whole picture: minutes of processor time for one upload.
SCANS_MAX = 100
PASSED_PIXELS_MAX = 600_000_000

# A 10 MB photo has at most a few thousand segments or chunks. Pillow keeps them one by
# one: 2.4 million empty ones took 3 s and 280 MB.
PARTS_MAX = 20_000

PROFILE_BYTES_MAX = 200_000

THUMBNAIL_WIDTHS = (96, 320, 640)
