//! Directory exports (RFC 2849), as the ICAO PKD is downloaded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// What an attribute holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Entry {
    /// A signed list of authorities.
    MasterList,
    /// A document signer: to be found by name, never an authority.
    Signer,
    RevocationList,
}

/// The binary attributes of interest. What is not base64 is passed over.
pub(super) fn binaries(bytes: &[u8]) -> Vec<(Entry, Vec<u8>)> {
    let mut found = Vec::new();
    let mut current: Option<(Entry, String)> = None;
    // A line that starts with a space goes on where the last one stopped.
    for line in bytes.split(|byte| *byte == b'\n').map(|line| String::from_utf8_lossy(line)) {
        let line = line.trim_end_matches('\r');
        if let Some(more) = line.strip_prefix(' ') {
            if let Some((_, text)) = &mut current {
                text.push_str(more);
            }
            continue;
        }
        found.extend(current.take().and_then(finished));
        current = line.split_once("::").and_then(|(name, value)| Some((entry(name)?, value.trim().to_owned())));
    }
    found.extend(current.and_then(finished));
    found
}

fn finished((entry, text): (Entry, String)) -> Option<(Entry, Vec<u8>)> {
    STANDARD.decode(text).ok().map(|der| (entry, der))
}

fn entry(attribute: &str) -> Option<Entry> {
    match attribute.to_ascii_lowercase().as_str() {
        "pkdmasterlistcontent" | "cscamasterlistdata" => Some(Entry::MasterList),
        "usercertificate;binary" => Some(Entry::Signer),
        "certificaterevocationlist;binary" => Some(Entry::RevocationList),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folded_lines_are_joined_and_the_rest_is_passed_over() {
        let export = b"version: 1\ndn: c=UT,dc=data\nc: UT\nuserCertificate;binary:: AQI\n DBA==\ncn:: AAAA\r\n\r\ndn: o=ml\r\npkdMasterListContent:: /w==\r\ncertificateRevocationList;binary:: !!!\n";
        assert_eq!(binaries(export), [(Entry::Signer, vec![1, 2, 3, 4]), (Entry::MasterList, vec![0xFF])]);
    }
}
