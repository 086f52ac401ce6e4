//! Photographs that are not ours to ship: read where they lie beside the checkout, with the lines that are on them. The
//! specimens of our own prove the reader without them.

use ipse_checks::document::image::{Limits, decode_luma};
use ipse_checks::document::mrz::read;
use std::path::Path;

/// Columns of `manifest.csv` before the first line of the zone, and the share of zones that must be read, of ten.
const SETS: [(&str, usize, usize); 2] = [("mrz", 2, 9), ("mrz_photo", 4, 9)];

#[test]
fn photographs_beside_the_checkout_are_read_and_none_wrongly() {
    for (set, first, share) in SETS {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples").join(set);
        let Ok(manifest) = std::fs::read_to_string(folder.join("manifest.csv")) else {
            println!("not run: there is no ../shared/samples/{set} beside the checkout");
            continue;
        };
        let (mut exact, mut refused, mut wrong, mut zones) = (0, 0, Vec::new(), 0);
        for row in manifest.lines().skip(1) {
            let file = row.split(',').next().unwrap();
            let lines: Vec<&str> = row.split(',').skip(first).take(3).filter(|line| !line.is_empty()).collect();
            zones += usize::from(!lines.is_empty());
            let picture = decode_luma(&std::fs::read(folder.join(file)).unwrap(), &Limits::default());
            match picture.map(|picture| read(&picture.pixels)) {
                Ok(Ok(reading)) if reading.lines == lines => exact += 1,
                Ok(Ok(_)) => wrong.push(file.to_owned()),
                Ok(Err(_)) | Err(_) => refused += 1,
            }
        }
        assert!(wrong.is_empty(), "read wrongly: {wrong:?}");
        assert!(exact * 10 >= zones * share, "{set}: {exact} of {zones} read, {refused} refused");
    }
}
