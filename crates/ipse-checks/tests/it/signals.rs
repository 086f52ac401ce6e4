//! Signs that a picture is not of a document itself: silent on honest photographs, and raised by copies that are made
//! here: a screen of red, green and blue dots photographed anew, a black-and-white copy, a file with an editor's name.

use ipse_checks::document::colour::{GREY, tints};
use ipse_checks::document::image::{Limits, Luma, decode_luma};
use ipse_checks::document::recapture::evenness;
use ipse_checks::document::signs::{EVEN, Signs};
use ipse_checks::document::traces::{Traces, traces};
use ipse_sandbox::specimen::{
    Camera, Canvas, id_card_back, id_card_front, licence_back, licence_front, passport, photograph,
};

use crate::specimens::person;
use std::path::Path;

fn documents(seed: u64) -> [Canvas; 5] {
    let person = person(seed);
    [
        passport(&person, seed),
        id_card_front(&person, seed),
        id_card_back(&person, seed),
        licence_front(&person, seed),
        licence_back(&person, seed),
    ]
}

fn signs(bytes: &[u8]) -> Signs {
    let limits = Limits::default();
    Signs::of(bytes, &decode_luma(bytes, &limits).unwrap().pixels, &limits)
}

/// A way to photograph a screen.
#[derive(Clone, Copy, Debug)]
struct Screening {
    /// Pixels of the picture for each dot of the screen.
    scale: f32,
    /// Turn, in degrees.
    turn: f32,
    /// How much nearer the right edge is than the left, as a share.
    lean: f32,
    blur: f32,
    quality: u8,
    width: usize,
    height: usize,
}

/// Shows a drawing on a screen, and takes a picture of that.
fn screened(drawing: &Canvas, how: Screening) -> Vec<u8> {
    let Screening { scale, turn, lean, blur, quality, width, height } = how;
    let across = width as f32 / scale;
    // What the screen shows, one colour a dot: each the mean of what it covers.
    let side = drawing.width as f32 / (across * 0.9);
    let (columns, rows) = ((drawing.width as f32 / side) as usize, (drawing.height as f32 / side) as usize);
    let mut shown = Canvas::new(columns, rows, [0; 3]);
    for y in 0..rows {
        for x in 0..columns {
            let at = |i: usize, v: usize| ((v as f32 + (i as f32 + 0.5) / 4.0) * side) as usize;
            let samples = (0..16).map(|i| drawing.at(at(i % 4, x), at(i / 4, y)));
            let sum = samples.fold([0_u32; 3], |sum, c| [0, 1, 2].map(|i| sum[i] + u32::from(c[i])));
            shown.blend(x, y, sum.map(|v| u8::try_from(v / 16).unwrap()), 1.0);
        }
    }
    let (sin, cos) = turn.to_radians().sin_cos();
    let mut seen = Canvas::new(width, height, [0; 3]);
    for y in 0..height {
        for x in 0..width {
            let mut light = [0.0_f32; 3];
            for i in 0..16_u8 {
                let dx = x as f32 + (f32::from(i % 4) + 0.5) / 4.0 - width as f32 / 2.0;
                let dy = y as f32 + (f32::from(i / 4) + 0.5) / 4.0 - height as f32 / 2.0;
                let depth = scale * (1.0 + lean * dx / width as f32);
                let u = (dx * cos + dy * sin) / depth + columns as f32 / 2.0;
                let v = (dy * cos - dx * sin) / depth + rows as f32 / 2.0;
                let inside = u >= 0.0 && v >= 0.0 && u < columns as f32 && v < rows as f32;
                let colour = if inside { shown.at(u as usize, v as usize) } else { [60, 62, 66] };
                // Three bars side by side, and dark between the rows.
                if v.rem_euclid(1.0) < 0.12 {
                    continue;
                }
                let bar = u.rem_euclid(1.0) * 3.0;
                if bar.rem_euclid(1.0) < 0.15 {
                    continue;
                }
                let channel = bar as usize % 3;
                light[channel] += (f32::from(colour[channel]) / 255.0).powi(2) / 16.0;
            }
            // As bright as the picture would be without the dark parts, a little less for what is too bright.
            let pixel = light.map(|l| ((l * 3.0 / (0.85 * 0.88)).sqrt() * 230.0).min(255.0) as u8);
            seen.blend(x, y, pixel, 1.0);
        }
    }
    photograph(
        &seen,
        &Camera { width, height, fill: 1.0, turn: 0.0, lean: (0.0, 0.0), blur, quality, seed: 5, ..Camera::default() },
    )
}

/// Screens whose dots are so many pixels apart in the picture.
fn screenings(scales: &[f32]) -> Vec<Screening> {
    let mut all = Vec::new();
    for (width, height) in [(1280, 960), (2000, 1500)] {
        for &scale in scales {
            for (turn, lean, blur, quality) in [(0.3, 0.01, 0.7, 88), (4.0, 0.03, 0.7, 75), (11.0, 0.05, 1.1, 88)] {
                all.push(Screening { scale, turn, lean, blur, quality, width, height });
            }
        }
    }
    all
}

/// Careful, straight, sharp, a scan, in a lamp's light, poor, and in a hurry; from small to twelve megapixels.
fn cameras() -> Vec<Camera> {
    let sizes = [(640, 480), (1280, 960), (2000, 1500), (2600, 1950), (4000, 3000)];
    let each = |camera: Camera| sizes.map(|(width, height)| Camera { width, height, ..camera });
    let careful = Camera::default();
    let straight = Camera { turn: 0.0, lean: (0.0, 0.0), ..careful };
    let sharp = Camera { blur: 0.0, noise: 1.0, quality: 96, ..careful };
    let scan = Camera { fill: 1.0, turn: 0.0, lean: (0.0, 0.0), shade: 0.0, ..sharp };
    let gleam = [0.5, 0.9].map(|glare| Camera { glare, ..careful });
    let poor = [40, 60].map(|quality| Camera { quality, blur: 1.5, noise: 9.0, shade: 0.5, ..careful });
    let steady = [careful, straight, sharp, scan].into_iter().flat_map(each);
    steady.chain(gleam).chain(poor).chain((0..12).map(Camera::hasty)).collect()
}

/// Without its colours, in light of such a tint.
fn copied(drawing: &Canvas, light: [u32; 3]) -> Canvas {
    let mut copy = drawing.clone();
    for pixel in copy.data.chunks_exact_mut(3) {
        let luma = (u32::from(pixel[0]) * 299 + u32::from(pixel[1]) * 587 + u32::from(pixel[2]) * 114) / 1000;
        for (value, part) in pixel.iter_mut().zip(light) {
            *value = u8::try_from(luma * part / 255).unwrap();
        }
    }
    copy
}

/// Puts a segment right behind the start of a JPEG.
fn with_segment(jpeg: &[u8], marker: u8, data: &[u8]) -> Vec<u8> {
    let length = u16::try_from(data.len() + 2).unwrap().to_be_bytes();
    [&jpeg[..2], &[0xFF, marker], &length, data, &jpeg[2..]].concat()
}

/// An EXIF block with texts under such tags.
fn exif(tags: &[(u16, &str)]) -> Vec<u8> {
    let mut block = b"Exif\0\0II*\0\x08\0\0\0".to_vec();
    block.extend(u16::try_from(tags.len()).unwrap().to_le_bytes());
    let mut place = 8 + 2 + tags.len() * 12 + 4;
    for (tag, text) in tags {
        assert!(text.len() > 4);
        block.extend(tag.to_le_bytes());
        block.extend([2, 0]);
        block.extend(u32::try_from(text.len()).unwrap().to_le_bytes());
        block.extend(u32::try_from(place).unwrap().to_le_bytes());
        place += text.len();
    }
    block.extend([0; 4]);
    block.extend(tags.iter().flat_map(|(_, text)| text.bytes()));
    block
}

fn small(width: usize, height: usize) -> Vec<u8> {
    photograph(&id_card_front(&person(1), 1), &Camera { width, height, ..Camera::default() })
}

fn xmp(body: &str) -> Vec<u8> {
    format!("http://ns.adobe.com/xap/1.0/\0<x:xmpmeta><rdf:Description {body}/></x:xmpmeta>").into_bytes()
}

fn traced(marker: u8, data: &[u8]) -> Traces {
    traces(&with_segment(&small(640, 480), marker, data), 640, 480)
}

#[test]
fn a_file_that_names_an_editor_or_a_generator_says_so() {
    let none = Traces::default();
    assert_eq!(traces(&small(640, 480), 640, 480), none);
    let camera = exif(&[(0x010F, "Apple"), (0x0110, "iPhone 15"), (0x0131, "17.5.1")]);
    assert_eq!(traced(0xE1, &camera), Traces { camera: true, ..none });
    let editor = Traces { editor: true, ..none };
    assert_eq!(traced(0xE1, &exif(&[(0x0131, "Adobe Photoshop 25.1 (Macintosh)")])), editor);
    assert_eq!(traced(0xE1, &exif(&[(0x0131, "GIMP 2.10.34")])), editor);
    assert_eq!(traced(0xE1, &xmp("xmp:CreatorTool=\"Adobe Photoshop 25.1\"")), editor);
    assert_eq!(traced(0xE1, &xmp("stEvt:softwareAgent='Affinity Photo 2'")), editor);
    assert_eq!(
        traced(0xE1, &xmp("xmp:CreatorTool=\"Adobe Photoshop Lightroom 7\"")),
        none,
        "a developer of photographs"
    );
    let telephone = xmp("xmlns:photoshop=\"http://ns.adobe.com/photoshop/1.0/\" photoshop:DateCreated=\"2026-11-21\"");
    assert_eq!(traced(0xE1, &telephone), none, "telephones write this namespace");
    let generated = Traces { generated: true, ..none };
    let model = "http://cv.iptc.org/newscodes/digitalsourcetype/trainedAlgorithmicMedia";
    assert_eq!(traced(0xE1, &xmp(&format!("Iptc4xmpExt:DigitalSourceType=\"{model}\""))), generated);
    let boxes = |content: &str| [b"JP\0\x01\0\0\0\x01\0\0\0\x40jumb", content.as_bytes()].concat();
    assert_eq!(traced(0xEB, &boxes("c2pa.created")), Traces { credentials: true, ..none });
    assert_eq!(traced(0xEB, &boxes(model)), Traces { credentials: true, ..generated });
}

#[test]
fn chunks_of_other_formats_are_read_too() {
    let chunk = |kind: &[u8], data: &[u8]| {
        [&u32::try_from(data.len()).unwrap().to_be_bytes()[..], kind, data, &[0; 4]].concat()
    };
    let png = |kind: &[u8], data: &[u8]| traces(&[b"\x89PNG\r\n\x1a\n", &chunk(kind, data)[..]].concat(), 640, 480);
    assert!(png(b"tEXt", b"Software\0Adobe ImageReady").editor);
    assert!(png(b"tEXt", b"parameters\0a passport, Steps: 20").generated);
    assert!(png(b"iTXt", b"XML:com.adobe.xmp\0\0\0\0\0<x xmp:CreatorTool='Canva'/>").editor);
    assert!(png(b"eXIf", &exif(&[(0x010F, "Apple")])).camera);
    assert!(png(b"caBX", b"jumb").credentials);
    assert_eq!(png(b"tEXt", b"Software\0gnome-scan"), Traces::default());
    let webp = |kind: &[u8], data: &[u8]| {
        let length = u32::try_from(data.len()).unwrap().to_le_bytes();
        traces(&[b"RIFF\0\0\0\0WEBP", kind, &length[..], data].concat(), 640, 480)
    };
    assert!(webp(b"EXIF", &exif(&[(0x0131, "Pixelmator 3")])).editor);
    assert!(webp(b"XMP ", b"<x xmp:CreatorTool='Midjourney'/>").generated);
}

#[test]
fn a_screen_s_size_counts_only_without_a_camera() {
    let plain = small(640, 480);
    assert!(traces(&plain, 1170, 2532).screenshot);
    assert!(traces(&plain, 2560, 1600).screenshot);
    for (width, height) in [(1920, 1080), (1080, 1920), (3840, 2160), (1280, 720), (4000, 3000), (4032, 3024)] {
        assert!(!traces(&plain, width, height).screenshot, "a browser's camera or a telephone's: {width} × {height}");
    }
    let taken = with_segment(&plain, 0xE1, &exif(&[(0x0110, "Pixel 9")]));
    assert!(!traces(&taken, 1170, 2532).screenshot);
}

#[test]
fn broken_metadata_leave_no_trace_and_never_panic() {
    let whole = with_segment(&small(200, 150), 0xE1, &exif(&[(0x0131, "Adobe Photoshop"), (0x8769, "xxxxx")]));
    for end in (0..700.min(whole.len())).chain([whole.len()]) {
        let _ = traces(&whole[..end], 200, 150);
    }
    for at in 0..300 {
        for value in [0x00, 0x55, 0xFF] {
            let mut changed = whole.clone();
            changed[at] = value;
            let _ = traces(&changed, 200, 150);
            let _ = tints(&changed, &Limits::default());
        }
    }
    for junk in [&b""[..], b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n\xFF\xFF\xFF\xFFtEXt", b"RIFF\0\0\0\0WEBP"] {
        assert_eq!(traces(junk, 1, 1), Traces::default());
        assert_eq!(tints(junk, &Limits::default()), None);
    }
}

#[test]
fn a_grey_copy_is_told_from_a_photograph() {
    let scan = Camera { width: 1200, height: 900, fill: 1.4, turn: 0.0, lean: (0.0, 0.0), ..Camera::default() };
    for drawing in documents(4) {
        assert!(tints(&photograph(&drawing, &scan), &Limits::default()).unwrap() >= GREY);
        let copy = photograph(&copied(&drawing, [255; 3]), &scan);
        assert!(tints(&copy, &Limits::default()).unwrap() < GREY);
        assert!(signs(&copy).grey());
    }
}

#[test]
fn a_screen_is_told_from_a_document() {
    let how = Screening { scale: 3.4, turn: 4.0, lean: 0.03, blur: 0.7, quality: 75, width: 1280, height: 960 };
    for drawing in documents(6).into_iter().step_by(4) {
        for scale in [2.8, 3.4, 5.5] {
            assert!(signs(&screened(&drawing, Screening { scale, ..how })).on_screen(), "{scale}");
        }
        for camera in [Camera::default(), Camera { width: 1280, height: 960, blur: 0.0, ..Camera::default() }] {
            assert!(
                evenness(&decode_luma(&photograph(&drawing, &camera), &Limits::default()).unwrap().pixels).unwrap()
                    < EVEN
            );
        }
    }
    // Flat, tiny and narrow pictures have no pattern, or none that could be found.
    let flat = |width, height| evenness(&Luma { width, height, data: vec![200; width * height] });
    assert!(flat(1000, 1000).unwrap() < 0.01);
    assert_eq!((flat(300, 300), flat(5000, 100), flat(0, 0)), (None, None, None));
}

#[test]
fn photographs_beside_the_checkout_raise_no_alarm() {
    for set in ["mrz_photo", "faces/deepface"] {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples").join(set);
        let Ok(files) = std::fs::read_dir(&folder) else {
            println!("not run: there is no ../shared/samples/{set} beside the checkout");
            continue;
        };
        for file in files.map(|file| file.unwrap().path()).filter(|path| path.extension().is_some_and(|e| e == "jpg")) {
            let signs = signs(&std::fs::read(&file).unwrap());
            assert!(!(signs.on_screen() || signs.grey() || signs.edited()), "{} {signs:?}", file.display());
        }
    }
}

#[test]
#[ignore = "prints the figures of docs/calibration.md; takes minutes"]
fn calibration_of_photographs_and_grey_copies() {
    let (mut n, mut false_alarms, mut most, mut greyest) = (0, 0, 0.0_f32, 255);
    for (seed, camera) in cameras().iter().enumerate() {
        for (index, drawing) in documents(seed as u64).iter().enumerate() {
            let signs = signs(&photograph(drawing, camera));
            n += 1;
            false_alarms += usize::from(signs.on_screen() || signs.grey() || signs.edited());
            let (even, range) = (signs.evenness.unwrap_or(0.0), signs.tints.unwrap_or(u8::MAX));
            if even > 4.5 || range < 10 {
                println!("document {index}: {even:.2} {range} {camera:?}");
            }
            most = most.max(even);
            greyest = greyest.min(range);
        }
    }
    println!("honest: {false_alarms} of {n}, evenness at most {most:.2}, tints at least {greyest}");
    for (light, fill) in [([255; 3], 1.4), ([255, 246, 230], 1.4), ([255; 3], 0.84)] {
        let grey = (0..8).flat_map(|seed| {
            let camera = Camera { fill, seed, ..Camera::default() };
            documents(seed)
                .map(|drawing| tints(&photograph(&copied(&drawing, light), &camera), &Limits::default()).unwrap())
        });
        let ranges: Vec<u8> = grey.collect();
        let caught = ranges.iter().filter(|range| **range < GREY).count();
        println!(
            "grey copies in light {light:?}, fill {fill}: {caught} of {} caught, at most {}",
            ranges.len(),
            ranges.iter().max().unwrap()
        );
    }
}

#[test]
#[ignore = "prints figures of docs/calibration.md; takes minutes"]
fn calibration_of_screens() {
    for scales in [&[1.4, 1.8, 2.3, 2.8, 3.4, 4.3, 5.5][..], &[0.7, 0.9, 1.1]] {
        let (mut n, mut caught) = (0, 0);
        for how in screenings(scales) {
            for drawing in documents(3).iter().step_by(2) {
                n += 1;
                caught += usize::from(signs(&screened(drawing, how)).on_screen());
            }
        }
        println!("screens of {scales:?} pixels a dot: {caught} of {n} caught");
    }
}

#[test]
#[ignore = "prints a figure of docs/calibration.md"]
fn calibration_of_pictures_that_were_sent_on() {
    // Compressed much, made smaller by a messenger: the grid of blocks is then no longer one of eight.
    let mut all = Vec::new();
    for quality in [30, 50, 75] {
        for drawing in documents(2) {
            let jpeg = photograph(&drawing, &Camera { quality, ..Camera::default() });
            let picture = decode_luma(&jpeg, &Limits::default()).unwrap().pixels;
            for part in [0.45, 0.5, 0.6, 0.7, 0.75, 0.8, 0.9] {
                let length = |length: usize| (length as f32 * part) as usize;
                all.push(evenness(&picture.resized(length(picture.width), length(picture.height))).unwrap());
            }
        }
    }
    let alarms = all.iter().filter(|even| **even >= EVEN).count();
    println!("sent on: {alarms} of {}, at most {:.2}", all.len(), all.iter().copied().fold(0.0, f32::max));
}
