//! Who issues documents: the three-letter codes of ISO 3166-1 and of ICAO Doc 9303, part 3, section 5. What is not in the
//! list may still be printed, but is less to be expected.

use super::{
    recognise::Column,
    strip::{ALPHABET, CLASSES},
};

const CODES: &str = "\
    ABW AFG AGO AIA ALA ALB AND ARE ARG ARM ASM ATA ATF ATG AUS AUT AZE BDI BEL BEN BES BFA BGD BGR BHR BHS BIH BLM \
    BLR BLZ BMU BOL BRA BRB BRN BTN BVT BWA CAF CAN CCK CHE CHL CHN CIV CMR COD COG COK COL COM CPV CRI CUB CUW CXR \
    CYM CYP CZE D<< DEU DJI DMA DNK DOM DZA ECU EGY ERI ESH ESP EST ETH EUE FIN FJI FLK FRA FRO FSM GAB GBD GBN GBO \
    GBP GBR GBS GEO GGY GHA GIB GIN GLP GMB GNB GNQ GRC GRD GRL GTM GUF GUM GUY HKG HMD HND HRV HTI HUN IDN IMN IND \
    IOT IRL IRN IRQ ISL ISR ITA JAM JEY JOR JPN KAZ KEN KGZ KHM KIR KNA KOR KWT LAO LBN LBR LBY LCA LIE LKA LSO LTU \
    LUX LVA MAC MAF MAR MCO MDA MDG MDV MEX MHL MKD MLI MLT MMR MNE MNG MNP MOZ MRT MSR MTQ MUS MWI MYS MYT NAM NCL \
    NER NFK NGA NIC NIU NLD NOR NPL NRU NZL OMN PAK PAN PCN PER PHL PLW PNG POL PRI PRK PRT PRY PSE PYF QAT REU RKS \
    ROU RUS RWA SAU SDN SEN SGP SGS SHN SJM SLB SLE SLV SMR SOM SPM SRB SSD STP SUR SVK SVN SWE SWZ SXM SYC SYR TCA \
    TCD TGO THA TJK TKL TKM TLS TON TTO TUN TUR TUV TWN TZA UGA UKR UMI UNA UNK UNO URY USA UTO UZB VAT VCT VEN VGB \
    VIR VNM VUT WLF WSM XBA XCC XCE XCO XEC XES XIM XMP XOM XPO XXA XXB XXC XXX YEM ZAF ZMB ZWE";

/// How many times likelier a code of the list is than any other three characters.
const FAVOUR: f32 = 150.0;

/// Weighs three cells by the codes that may stand there.
pub fn expect_issuer(cells: &mut [Column]) {
    let seen = |cell: Option<&Column>, character: u8| {
        let place = ALPHABET.iter().position(|c| *c == character).unwrap_or_default();
        cell.and_then(|column| column.get(place)).map_or(0.0, |p| p.exp())
    };
    let mut shares = vec![[0.0_f32; CLASSES]; cells.len()];
    for code in CODES.split(' ') {
        let whole: f32 = code.bytes().enumerate().map(|(index, c)| seen(cells.get(index), c)).product();
        for (share, character) in shares.iter_mut().zip(code.bytes()) {
            let place = ALPHABET.iter().position(|c| *c == character);
            if let Some(slot) = place.and_then(|place| share.get_mut(place)) {
                *slot += FAVOUR * whole;
            }
        }
    }
    for (cell, share) in cells.iter_mut().zip(&shares) {
        let total: f32 = 1.0 + share.iter().sum::<f32>();
        for (value, known) in cell.iter_mut().zip(share).take(ALPHABET.len()) {
            *value = ((value.exp() + known) / total).max(f32::MIN_POSITIVE).ln();
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn column(likely: &[(u8, f32)]) -> Column {
        let mut column = [-14.0; CLASSES];
        for (character, probability) in likely {
            column[ALPHABET.iter().position(|c| c == character).unwrap()] = probability.ln();
        }
        column
    }

    fn best(column: &Column) -> (u8, f32) {
        ALPHABET.iter().zip(column).fold((0, f32::MIN), |a, (c, p)| if *p > a.1 { (*c, *p) } else { a })
    }

    #[test]
    fn a_doubtful_letter_is_that_of_an_issuer_and_a_clear_one_stays() {
        let doubtful = column(&[(b'Q', 0.6), (b'O', 0.4)]);
        let clear = column(&[(b'Q', 1.0)]);
        for (third, expected) in [(doubtful, b'O'), (clear, b'Q')] {
            let mut cells = [column(&[(b'U', 1.0)]), column(&[(b'T', 1.0)]), third];
            expect_issuer(&mut cells);
            let (character, p) = best(&cells[2]);
            assert!(character == expected && p > -0.05, "{p}");
        }
    }

    #[test]
    fn the_list_is_in_order_and_whole() {
        assert!(
            CODES
                .split(' ')
                .zip(CODES.split(' ').skip(1))
                .all(|(a, b)| a.len() == 3 && a < b || a == "D<<" || b == "D<<")
        );
    }
}
