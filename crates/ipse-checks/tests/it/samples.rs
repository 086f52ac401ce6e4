//! Photographs that are not ours to ship: read where they lie beside the checkout, with the lines that are on them. The
//! specimens of our own prove the reader without them.

use ipse_checks::document::image::{Limits, decode_luma};
use ipse_checks::document::mrz::read;
use std::path::Path;

#[test]
fn clear_photographs_beside_the_checkout_are_read_and_none_wrongly() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/samples/mrz");
    let Ok(manifest) = std::fs::read_to_string(folder.join("manifest.csv")) else { return };
    let (mut exact, mut refused, mut wrong, mut zones) = (0, 0, Vec::new(), 0);
    for line in manifest.lines().skip(1) {
        let mut fields = line.split(',');
        let file = fields.next().unwrap();
        let kind = fields.next().unwrap();
        let lines: Vec<&str> = fields.take(3).filter(|line| !line.is_empty()).collect();
        zones += usize::from(!lines.is_empty());
        let picture = decode_luma(&std::fs::read(folder.join(file)).unwrap(), &Limits::default());
        match picture.map(|picture| read(&picture.pixels)) {
            Ok(Ok(reading)) if reading.lines == lines => exact += 1,
            Ok(Ok(_)) => wrong.push(format!("{file} ({kind})")),
            Ok(Err(_)) | Err(_) => refused += 1,
        }
    }
    assert!(wrong.is_empty(), "read wrongly: {wrong:?}");
    assert!(exact * 10 >= zones * 9, "{exact} of {zones} read, {refused} refused");
}
