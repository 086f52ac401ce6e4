//! The curves of this field: the primes of NIST (FIPS 186-4 §D.1.2) and Brainpool's (RFC 5639 §3).
//!
//! A key may name its curve or spell it out. One that is spelt out has to be one of these to the last digit: whoever
//! may choose the parameters can forge a signature for any key.

use super::ChipError;
use super::ber::{self, Element, Reader};
use super::group::{Group, Multiples};
use super::oid;
use std::sync::LazyLock;

macro_rules! curves {
    ($($curve:ident $words:literal $bits:literal [$($oid:literal),*]
        p $p:literal a $a:literal b $b:literal x $x:literal y $y:literal n $n:literal;)*) => {
        /// A curve on which keys lie.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Curve { $($curve,)* }

        impl Curve {
            pub const ALL: &[Self] = &[$(Self::$curve,)*];

            /// Bits of the order, rounded up to octets where coordinates are written.
            pub const fn bits(self) -> usize {
                match self { $(Self::$curve => $bits,)* }
            }

            const fn oid(self) -> &'static [u8] {
                match self { $(Self::$curve => &[$($oid),*],)* }
            }

            /// Field, a, b, base point's x and y, order; hexadecimal.
            const fn parameters(self) -> [&'static str; 6] {
                match self { $(Self::$curve => [$p, $a, $b, $x, $y, $n],)* }
            }

            /// What verifying with our own arithmetic takes of a key, an uncompressed point. In more parts it takes
            /// longer to make and verifies faster. `None` for what is no point of the curve.
            pub fn multiples(self, point: &[u8], parts: usize) -> Option<CurveMultiples> {
                match self {
                    $(Self::$curve => $curve.as_ref()?.multiples(point, parts).map(CurveMultiples::$curve),)*
                }
            }
        }

        /// The multiples of a key's point, on its curve.
        #[derive(Clone, Debug)]
        pub(super) enum CurveMultiples { $($curve(Multiples<$words>),)* }

        impl CurveMultiples {
            /// Whether (r, s) signs the digest under the key, by our own arithmetic.
            pub fn verify(&self, digest: &[u8], r: &[u8], s: &[u8]) -> bool {
                match self {
                    $(Self::$curve(key) => $curve.as_ref().is_some_and(|group| group.verify(key, digest, r, s)),)*
                }
            }
        }

        $(
            #[allow(non_upper_case_globals, reason = "the curve's name is its static's")]
            static $curve: LazyLock<Option<Group<$words>>> =
                LazyLock::new(|| Group::new(Curve::$curve.parameters(), Curve::$curve.octets()));
        )*
    };
}

curves! {
    P224 4 224 [0x2B, 0x81, 0x04, 0x00, 0x21]
        p "00000000FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF000000000000000000000001"
        a "00000000FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFFFFFFFFFFFFFFFFFE"
        b "00000000B4050A850C04B3ABF54132565044B0B7D7BFD8BA270B39432355FFB4"
        x "00000000B70E0CBD6BB4BF7F321390B94A03C1D356C21122343280D6115C1D21"
        y "00000000BD376388B5F723FB4C22DFE6CD4375A05A07476444D5819985007E34"
        n "00000000FFFFFFFFFFFFFFFFFFFFFFFFFFFF16A2E0B8F03E13DD29455C5C2A3D";
    P256 4 256 [0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07]
        p "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFF"
        a "FFFFFFFF00000001000000000000000000000000FFFFFFFFFFFFFFFFFFFFFFFC"
        b "5AC635D8AA3A93E7B3EBBD55769886BC651D06B0CC53B0F63BCE3C3E27D2604B"
        x "6B17D1F2E12C4247F8BCE6E563A440F277037D812DEB33A0F4A13945D898C296"
        y "4FE342E2FE1A7F9B8EE7EB4A7C0F9E162BCE33576B315ECECBB6406837BF51F5"
        n "FFFFFFFF00000000FFFFFFFFFFFFFFFFBCE6FAADA7179E84F3B9CAC2FC632551";
    P384 6 384 [0x2B, 0x81, 0x04, 0x00, 0x22]
        p "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFF"
        a "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFEFFFFFFFF0000000000000000FFFFFFFC"
        b "B3312FA7E23EE7E4988E056BE3F82D19181D9C6EFE8141120314088F5013875AC656398D8A2ED19D2A85C8EDD3EC2AEF"
        x "AA87CA22BE8B05378EB1C71EF320AD746E1D3B628BA79B9859F741E082542A385502F25DBF55296C3A545E3872760AB7"
        y "3617DE4A96262C6F5D9E98BF9292DC29F8F41DBD289A147CE9DA3113B5F0B8C00A60B1CE1D7E819D7A431D7C90EA0E5F"
        n "FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC7634D81F4372DDF581A0DB248B0A77AECEC196ACCC52973";
    P521 9 521 [0x2B, 0x81, 0x04, 0x00, 0x23]
        p "00000000000001FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFF"
        a "00000000000001FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFC"
        b "0000000000000051953EB9618E1C9A1F929A21A0B68540EEA2DA725B99B315F3B8B489918EF109E156193951EC7E937B1652C0BD3BB1BF073573DF883D2C34F1EF451FD46B503F00"
        x "00000000000000C6858E06B70404E9CD9E3ECB662395B4429C648139053FB521F828AF606B4D3DBAA14B5E77EFE75928FE1DC127A2FFA8DE3348B3C1856A429BF97E7E31C2E5BD66"
        y "000000000000011839296A789A3BC0045C8A5FB42C7D1BD998F54449579B446817AFBD17273E662C97EE72995EF42640C550B9013FAD0761353C7086A272C24088BE94769FD16650"
        n "00000000000001FFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFFA51868783BF2F966B7FCC0148F709A5D03BB5C9B8899C47AEBB6FB71E91386409";
    BrainpoolP224r1 4 224 [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x05]
        p "00000000D7C134AA264366862A18302575D1D787B09F075797DA89F57EC8C0FF"
        a "0000000068A5E62CA9CE6C1C299803A6C1530B514E182AD8B0042A59CAD29F43"
        b "000000002580F63CCFE44138870713B1A92369E33E2135D266DBB372386C400B"
        x "000000000D9029AD2C7E5CF4340823B2A87DC68C9E4CE3174C1E6EFDEE12C07D"
        y "0000000058AA56F772C0726F24C6B89E4ECDAC24354B9E99CAA3F6D3761402CD"
        n "00000000D7C134AA264366862A18302575D0FB98D116BC4B6DDEBCA3A5A7939F";
    BrainpoolP256r1 4 256 [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x07]
        p "A9FB57DBA1EEA9BC3E660A909D838D726E3BF623D52620282013481D1F6E5377"
        a "7D5A0975FC2C3057EEF67530417AFFE7FB8055C126DC5C6CE94A4B44F330B5D9"
        b "26DC5C6CE94A4B44F330B5D9BBD77CBF958416295CF7E1CE6BCCDC18FF8C07B6"
        x "8BD2AEB9CB7E57CB2C4B482FFC81B7AFB9DE27E1E3BD23C23A4453BD9ACE3262"
        y "547EF835C3DAC4FD97F8461A14611DC9C27745132DED8E545C1D54C72F046997"
        n "A9FB57DBA1EEA9BC3E660A909D838D718C397AA3B561A6F7901E0E82974856A7";
    BrainpoolP320r1 5 320 [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x09]
        p "D35E472036BC4FB7E13C785ED201E065F98FCFA6F6F40DEF4F92B9EC7893EC28FCD412B1F1B32E27"
        a "3EE30B568FBAB0F883CCEBD46D3F3BB8A2A73513F5EB79DA66190EB085FFA9F492F375A97D860EB4"
        b "520883949DFDBC42D3AD198640688A6FE13F41349554B49ACC31DCCD884539816F5EB4AC8FB1F1A6"
        x "43BD7E9AFB53D8B85289BCC48EE5BFE6F20137D10A087EB6E7871E2A10A599C710AF8D0D39E20611"
        y "14FDD05545EC1CC8AB4093247F77275E0743FFED117182EAA9C77877AAAC6AC7D35245D1692E8EE1"
        n "D35E472036BC4FB7E13C785ED201E065F98FCFA5B68F12A32D482EC7EE8658E98691555B44C59311";
    BrainpoolP384r1 6 384 [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0B]
        p "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B412B1DA197FB71123ACD3A729901D1A71874700133107EC53"
        a "7BC382C63D8C150C3C72080ACE05AFA0C2BEA28E4FB22787139165EFBA91F90F8AA5814A503AD4EB04A8C7DD22CE2826"
        b "04A8C7DD22CE28268B39B55416F0447C2FB77DE107DCD2A62E880EA53EEB62D57CB4390295DBC9943AB78696FA504C11"
        x "1D1C64F068CF45FFA2A63A81B7C13F6B8847A3E77EF14FE3DB7FCAFE0CBD10E8E826E03436D646AAEF87B2E247D4AF1E"
        y "8ABE1D7520F9C2A45CB1EB8E95CFD55262B70B29FEEC5864E19C054FF99129280E4646217791811142820341263C5315"
        n "8CB91E82A3386D280F5D6F7E50E641DF152F7109ED5456B31F166E6CAC0425A7CF3AB6AF6B7FC3103B883202E9046565";
    BrainpoolP512r1 8 512 [0x2B, 0x24, 0x03, 0x03, 0x02, 0x08, 0x01, 0x01, 0x0D]
        p "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA703308717D4D9B009BC66842AECDA12AE6A380E62881FF2F2D82C68528AA6056583A48F3"
        a "7830A3318B603B89E2327145AC234CC594CBDD8D3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CA"
        b "3DF91610A83441CAEA9863BC2DED5D5AA8253AA10A2EF1C98B9AC8B57F1117A72BF2C7B9E7C1AC4D77FC94CADC083E67984050B75EBAE5DD2809BD638016F723"
        x "81AEE4BDD82ED9645A21322E9C4C6A9385ED9F70B5D916C1B43B62EEF4D0098EFF3B1F78E2D0D48D50D1687B93B97D5F7C6D5047406A5E688B352209BCB9F822"
        y "7DDE385D566332ECC0EABFA9CF7822FDF209F70024A57B1AA000C55B881F8111B2DCDE494A5F485E5BCA4BD88A2763AED1CA2B2FA8F0540678CD1E0F3AD80892"
        n "AADD9DB8DBE9C48B3FD4E6AE33C9FC07CB308DB3B3C9D20ED6639CCA70330870553E5C414CA92619418661197FAC10471DB1D381085DDADDB58796829CA90069";
}

impl Curve {
    /// Octets of a coordinate, and of each half of a plain signature.
    pub const fn octets(self) -> usize {
        self.bits().div_ceil(8)
    }

    /// The curve that a key's parameters name or spell out (RFC 3279 §2.3.5).
    pub fn from_parameters(parameters: Element<'_>) -> Result<Self, ChipError> {
        let found = match parameters.tag {
            ber::OID => Self::ALL.iter().find(|curve| curve.oid() == parameters.content),
            ber::SEQUENCE => {
                let spelt = Spelt::read(parameters.inside())?;
                Self::ALL.iter().find(|curve| spelt.is(**curve))
            }
            _ => None,
        };
        found.copied().ok_or(ChipError::Unsupported)
    }
}

/// Parameters spelt out.
struct Spelt<'a> {
    prime: &'a [u8],
    a: &'a [u8],
    b: &'a [u8],
    base: &'a [u8],
    order: &'a [u8],
    cofactor: Option<&'a [u8]>,
}

impl<'a> Spelt<'a> {
    fn read(mut parameters: Reader<'a>) -> Result<Self, ChipError> {
        // Version 1; 2 and 3 promise something about the seed, which is of no concern here.
        if !(1..=3).contains(&parameters.small()?) {
            return Err(ChipError::Unsupported);
        }
        let mut field = parameters.enter(ber::SEQUENCE)?;
        if field.take(ber::OID)?.content != oid::PRIME_FIELD {
            return Err(ChipError::Unsupported);
        }
        let prime = field.natural()?;
        let mut curve = parameters.enter(ber::SEQUENCE)?;
        let (a, b) = (curve.take(ber::OCTET_STRING)?.content, curve.take(ber::OCTET_STRING)?.content);
        let base = parameters.take(ber::OCTET_STRING)?.content;
        let order = parameters.natural()?;
        let cofactor = if parameters.is_empty() { None } else { Some(parameters.natural()?) };
        Ok(Self { prime, a, b, base, order, cofactor })
    }

    #[allow(clippy::many_single_char_names, reason = "the standards' names of the parameters")]
    fn is(&self, curve: Curve) -> bool {
        let [p, a, b, x, y, n] = curve.parameters();
        let base = match self.base.split_first() {
            Some((4, both)) => {
                both.len() == 2 * curve.octets()
                    && both.split_at_checked(curve.octets()).is_some_and(|(bx, by)| same(bx, x) && same(by, y))
            }
            Some((form @ (2 | 3), alone)) => {
                let odd = y.bytes().last().is_some_and(|digit| char::from(digit).to_digit(16).unwrap_or(0) % 2 == 1);
                alone.len() == curve.octets() && same(alone, x) && (*form == 3) == odd
            }
            _ => false,
        };
        base && same(self.prime, p)
            && same(self.a, a)
            && same(self.b, b)
            && same(self.order, n)
            && self.cofactor.is_none_or(|cofactor| cofactor == [1])
    }
}

/// The number that the octets are is the one that the hexadecimal digits are.
fn same(octets: &[u8], hexadecimal: &str) -> bool {
    let digits = octets.iter().flat_map(|octet| [octet >> 4, octet & 15]).map(u32::from);
    let expected = hexadecimal.bytes().filter_map(|digit| char::from(digit).to_digit(16));
    digits.skip_while(|digit| *digit == 0).eq(expected.skip_while(|digit| *digit == 0))
}
