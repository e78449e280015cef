"""Odd files, by what is odd about them: all made in code, from the astronaut."""

from PIL import Image

from tests.photos import heics, pictures
from tests.photos.forgeries import (
    FRAME,
    SIDE,
    changed,
    cmyk_without_adobes_mark,
    exif_block,
    exif_entry,
    interlaced_png,
    jpeg,
    png,
    png_with_text,
    profile_for,
    stating,
    webp,
    with_broken_comment,
    with_png_chunk,
    with_segment,
    xmp_png,
    zipped,
)
from tests.photos.pictures import GPS_WORDS, SCRIPT, png_chunk, portrait, saved


def _turned() -> dict[str, bytes]:
    jpeg = {f"JPEG held as {n}": pictures.phone_jpeg(n, 400, 600) for n in pictures.HELD}
    png = {f"PNG held as {n}": pictures.phone_photo("PNG", n) for n in (3, 5, 8)}
    webp = {f"WebP held as {n}": pictures.phone_photo("WEBP", n) for n in (2, 6, 7)}
    return jpeg | png | webp


def _colours() -> dict[str, bytes]:
    small = portrait(SIDE, SIDE)
    clear = saved(small.convert("LA"), "PNG")
    return {
        "CMYK": pictures.cmyk_jpeg(SIDE, SIDE),
        "CMYK without Adobe's mark": cmyk_without_adobes_mark(),
        "CMYK with a profile": pictures.cmyk_jpeg(SIDE, SIDE, icc_profile=profile_for(b"CMYK")),
        "JPEG of red, green and blue": saved(small, "JPEG", keep_rgb=True),
        "16 bits of grey": pictures.grey_16_bit_png(),
        "16 bits a colour": pictures.colour_16_bit_png(),
        "16 bits, with a colour for nothing": pictures.png_file(
            *(SIDE, SIDE, (b"\0" + b"\x80\0" * SIDE) * SIDE),
            depth=16,
            colour=0,
            more=png_chunk(b"tRNS", b"\x80\0"),
        ),
        "palette": saved(small.quantize(64), "PNG"),
        "palette with alpha": pictures.palette_png(),
        "palette of two": saved(small.quantize(2), "PNG"),
        "grey with alpha": clear,
        "one bit": saved(small.convert("1"), "PNG"),
        "grey": pictures.grey_jpeg(SIDE, SIDE),
        "grey as RGB": saved(small.convert("L").convert("RGB"), "JPEG"),
        "see-through": pictures.see_through_png(),
        "see-through WebP": saved(Image.new("RGBA", (300, 300), (9, 99, 9, 99)), "WEBP"),
        "alpha that hides nothing": saved(small.convert("RGBA"), "PNG"),
        "small foreign profile": jpeg(icc_profile=pictures.swapping_profile()),
        "huge profile": jpeg(icc_profile=pictures.big_profile()),
        "profile for printers": png(icc_profile=profile_for(b"CMYK")),
        "profile that is none": webp(icc_profile=b"no profile"),
    }


def _coded() -> dict[str, bytes]:
    return {
        "perfect": pictures.portrait_jpeg(),
        "progressive": jpeg(progressive=True),
        "full chroma": jpeg(subsampling="4:4:4"),
        "half chroma": jpeg(subsampling="4:2:2"),
        "restart markers": jpeg(restart_marker_blocks=7),
        "claims to be arithmetic": changed(jpeg(), FRAME, 1, 0xC9),
        "claims 12 bits a colour": changed(jpeg(), FRAME, 4, 12),
        "interlaced": interlaced_png(),
        "lossless WebP": webp(lossless=True),
        "two pictures": pictures.mpo(),
        "moving WebP": pictures.moving_webp(),
        "moving PNG": pictures.moving_png(),
    }


def _behind() -> dict[str, bytes]:
    photo, drawn, light = jpeg(), png(), webp()
    video = b"\0\0\0\x18ftypmp42\0\0\0\0isommp42" + bytes(99)
    return {
        "zeros behind": photo + bytes(5000),
        "words behind": photo + GPS_WORDS,
        "bytes behind": photo + bytes(range(256)),
        "a page behind": photo + SCRIPT,
        "an archive behind": photo + zipped("moon.txt", GPS_WORDS),
        "a video behind": photo + video,
        "a photo behind": photo + bytes(64) + jpeg(),
        "a script behind a PNG": drawn + SCRIPT,
        "an archive behind a WebP": light + zipped("moon.txt", GPS_WORDS),
        "far behind": photo + bytes(9000) + GPS_WORDS,
    }


def _hidden() -> dict[str, bytes]:
    endless = exif_block(exif_entry(0x8769, 4, 1, 8) + exif_entry(0x8825, 4, 1, 8), 2)
    huge = exif_block(b"".join(exif_entry(n, 2, 2**31, 0) for n in range(400, 900)), 500)
    iptc = b"Photoshop 3.0\x008BIM\x04\x04\0\0\0\0\0\x04Moon"
    return {
        "talkative JPEG": pictures.talkative_jpeg(),
        "talkative PNG": pictures.talkative_png(),
        "talkative WebP": webp(exif=pictures.phone_exif(), xmp=GPS_WORDS),
        "a comment": jpeg(comment=GPS_WORDS),
        "a script as a comment": with_segment(0xFE, SCRIPT),
        "XMP": jpeg(xmp=b"<x:xmpmeta/>"),
        "XMP in a PNG": xmp_png(),
        "IPTC": with_segment(0xED, iptc),
        "a maker's own part": with_segment(0xE5, b"LUNA" + bytes(99)),
        "EXIF of nonsense": jpeg(exif=b"Exif\0\0nonsense"),
        "EXIF cut short": with_segment(0xE1, exif_block(b"", 9)),
        "EXIF in a circle": with_segment(0xE1, endless),
        "EXIF that asks for gigabytes": with_segment(0xE1, huge),
        "EXIF held as 99": with_segment(0xE1, exif_block(exif_entry(0x112, 3, 1, 99), 1)),
        "EXIF held as a word": with_segment(0xE1, exif_block(exif_entry(0x112, 2, 4, 0x36), 1)),
        "EXIF of nonsense in a PNG": with_png_chunk(b"eXIf", b"nonsense"),
        "a text that unpacks to much": png_with_text("a" * 900_000),
        "a text that unpacks to too much": png_with_text("a" * 9_000_000),
    }


def _broken() -> dict[str, bytes]:
    whole = {
        "JPEG": jpeg(),
        "progressive JPEG": jpeg(progressive=True),
        "PNG": png(),
        "WebP": webp(),
    }
    cut = {
        f"{kind} cut at {part}%": data[: len(data) * part // 100]
        for kind, data in whole.items()
        for part in (1, 50, 99)
    }
    return cut | {
        "JPEG without its end": whole["JPEG"][:-2],
        "second picture cut short": pictures.mpo()[:-100],
        "a changed pixel in a PNG": changed(whole["PNG"], b"IDAT", 2000, 0),
        "a wrong checksum of the size": changed(whole["PNG"], b"IHDR", 17, 0),
        "a wrong checksum of a comment": with_broken_comment(),
        "no pixels": pictures.png_file(300, 300, b""),
        "markers alone": b"\xff\xd8\xff\xd9",
    }


def _bombs() -> dict[str, bytes]:
    empty_parts = b"\xff\xe0\0\x02" * 30_000
    return {
        "PNG bomb": pictures.png_bomb(),
        "WebP bomb": pictures.webp_bomb(),
        "whole WebP bomb": pictures.whole_webp_bomb(),
        "many scans": pictures.jpeg_of_many_scans(150),
        "many segments": b"\xff\xd8" + empty_parts + jpeg()[2:],
        "many chunks": pictures.png_file(
            SIDE, SIDE, bytes(901 * SIDE), more=png_chunk(b"abCd", b"") * 30_000
        ),
        "a JPEG that claims to be huge": stating(9000, 9000),
    }


def _other_kinds() -> dict[str, bytes]:
    small = portrait(256, 256)
    return {
        "empty": b"",
        "one byte": b"\xff",
        "words": b"just words",
        "GIF": pictures.portrait_gif(),
        "SVG": b'<?xml version="1.0"?>\n<svg xmlns="http://www.w3.org/2000/svg"/>',
        "web page": SCRIPT,
        "web page with a photo behind": SCRIPT + jpeg(),
        "HEIC": heics.portrait_heic(300, 300),
        "HEIC as phones turn it": heics.phone_heic(6),
        "HEIC of 46 million pixels": heics.grid(16, 11),
        "HEIC and nothing behind": b"\0\0\0\x18ftypheic\0\0\0\0mif1heic" + bytes(99),
        "AVIF by its name": b"\0\0\0\x1cftypmif1\0\0\0\0mif1avifmiaf" + bytes(99),
        "AVIF": saved(small, "AVIF"),
        "TIFF": saved(small, "TIFF"),
        "BMP": saved(small, "BMP"),
        "ICO": saved(small, "ICO"),
        "PDF with the photo inside": saved(small, "PDF"),
        "archive with the photo inside": zipped("anna.jpg", jpeg()),
        "video": b"\0\0\0\x18ftypisom\0\0\0\0isommp42" + bytes(99),
        "JPEG behind a space": b" " + jpeg(),
    }


def _sides() -> dict[str, bytes]:
    return {
        "too small": pictures.portrait_jpeg(200, 200),
        "a thumbnail": pictures.portrait_webp(96, 96),
        "the smallest": pictures.portrait_jpeg(256, 256),
        "too narrow": pictures.portrait_jpeg(1600, 300),
        "too tall": pictures.portrait_png(300, 1600),
        "a strip": pictures.strip_png(),
        "wide": pictures.portrait_jpeg(1800, 1200),
        "upright": pictures.portrait_jpeg(1200, 1500),
        "states other sides": stating(300, 301),
        "states no height": stating(300, 0),
        "states no width": stating(0, 300),
        "heavy": pictures.noise_png(1350),
        "too heavy": jpeg() + bytes(12_000_000),
        "too heavy and no photo": b"%PDF" + bytes(12_000_000),
    }


ODDITIES: dict[str, bytes] = {
    **_turned(),
    **_colours(),
    **_coded(),
    **_behind(),
    **_hidden(),
    **_broken(),
    **_bombs(),
    **_other_kinds(),
    **_sides(),
}
