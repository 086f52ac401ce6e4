//! What a chip can prove: the `SecurityInfos` of data group 14 (ICAO 9303-10 §4.7.14, BSI TR-03110-3 §A.1).

use super::ChipError;
use super::ber::{self, Reader};
use super::oid;
use super::read::group;
use super::signature::{Scheme, plain};
use serde::{Deserialize, Serialize};

/// A protocol that a chip offers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Protocol {
    /// The chip signs a challenge; ECDSA only, a chip with RSA does not say so.
    ActiveAuthentication,
    /// The chip agrees on a key that only it can know.
    ChipAuthentication,
    /// The reader proves that it may see fingers or irises.
    TerminalAuthentication,
    /// The reader proves that it has seen the page.
    Pace,
}

/// The protocols, each once, and the way of signing if active authentication states one.
pub(super) fn read(file: &[u8]) -> Result<(Vec<Protocol>, Option<Scheme>), ChipError> {
    let mut inside = group(file, 14)?;
    let mut infos = inside.enter(ber::SET)?;
    inside.finish()?;
    let (mut protocols, mut scheme) = (Vec::new(), None);
    while !infos.is_empty() {
        let mut info: Reader<'_> = infos.enter(ber::SEQUENCE)?;
        let name = info.take(ber::OID)?.content;
        if name == oid::ACTIVE_AUTHENTICATION {
            info.small()?;
            scheme = plain(info.take(ber::OID)?.content);
            protocols.push(Protocol::ActiveAuthentication);
        }
        protocols.extend(name.strip_prefix(oid::CHIP_PROTOCOLS).and_then(|rest| match rest.first() {
            // A key alone (1) belongs to chip authentication.
            Some(1 | 3) => Some(Protocol::ChipAuthentication),
            Some(2) => Some(Protocol::TerminalAuthentication),
            Some(4) => Some(Protocol::Pace),
            _ => None,
        }));
    }
    protocols.sort_unstable();
    protocols.dedup();
    Ok((protocols, scheme))
}
