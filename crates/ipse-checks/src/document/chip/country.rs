//! States by the two letters of certificates and the three of machine-readable zones.

/// Two letters and then the other code of each: ISO 3166-1, and what ICAO 9303-3 §5 adds for Germany, British
/// nationalities, organizations, Kosovo and Utopia.
const STATES: &str = "\
    ADAND AEARE AFAFG AGATG AIAIA ALALB AMARM AOAGO AQATA ARARG ASASM ATAUT AUAUS AWABW AXALA AZAZE BABIH \
    BBBRB BDBGD BEBEL BFBFA BGBGR BHBHR BIBDI BJBEN BLBLM BMBMU BNBRN BOBOL BQBES BRBRA BSBHS BTBTN BVBVT \
    BWBWA BYBLR BZBLZ CACAN CCCCK CDCOD CFCAF CGCOG CHCHE CICIV CKCOK CLCHL CMCMR CNCHN COCOL CRCRI CUCUB \
    CVCPV CWCUW CXCXR CYCYP CZCZE DEDEU DJDJI DKDNK DMDMA DODOM DZDZA ECECU EEEST EGEGY EHESH ERERI ESESP \
    ETETH FIFIN FJFJI FKFLK FMFSM FOFRO FRFRA GAGAB GBGBR GDGRD GEGEO GFGUF GGGGY GHGHA GIGIB GLGRL GMGMB \
    GNGIN GPGLP GQGNQ GRGRC GSSGS GTGTM GUGUM GWGNB GYGUY HKHKG HMHMD HNHND HRHRV HTHTI HUHUN IDIDN IEIRL \
    ILISR IMIMN ININD IOIOT IQIRQ IRIRN ISISL ITITA JEJEY JMJAM JOJOR JPJPN KEKEN KGKGZ KHKHM KIKIR KMCOM \
    KNKNA KPPRK KRKOR KWKWT KYCYM KZKAZ LALAO LBLBN LCLCA LILIE LKLKA LRLBR LSLSO LTLTU LULUX LVLVA LYLBY \
    MAMAR MCMCO MDMDA MEMNE MFMAF MGMDG MHMHL MKMKD MLMLI MMMMR MNMNG MOMAC MPMNP MQMTQ MRMRT MSMSR MTMLT \
    MUMUS MVMDV MWMWI MXMEX MYMYS MZMOZ NANAM NCNCL NENER NFNFK NGNGA NINIC NLNLD NONOR NPNPL NRNRU NUNIU \
    NZNZL OMOMN PAPAN PEPER PFPYF PGPNG PHPHL PKPAK PLPOL PMSPM PNPCN PRPRI PSPSE PTPRT PWPLW PYPRY QAQAT \
    REREU ROROU RSSRB RURUS RWRWA SASAU SBSLB SCSYC SDSDN SESWE SGSGP SHSHN SISVN SJSJM SKSVK SLSLE SMSMR \
    SNSEN SOSOM SRSUR SSSSD STSTP SVSLV SXSXM SYSYR SZSWZ TCTCA TDTCD TFATF TGTGO THTHA TJTJK TKTKL TLTLS \
    TMTKM TNTUN TOTON TRTUR TTTTO TVTUV TWTWN TZTZA UAUKR UGUGA UMUMI USUSA UYURY UZUZB VAVAT VCVCT VEVEN \
    VGVGB VIVIR VNVNM VUVUT WFWLF WSWSM YEYEM YTMYT ZAZAF ZMZMB ZWZWE DED GBGBD GBGBN GBGBO GBGBP GBGBS EUEUE \
    UNUNO UNUNA UNUNK KSRKS XKRKS XOXOM XPXPO UTUTO";

/// Whether a zone's issuing state is the country of a certificate. A state that is not known is no country's.
pub(super) fn is_same(state: &str, country: &str) -> bool {
    !state.is_empty()
        && STATES
            .split_ascii_whitespace()
            .filter_map(|both| both.split_at_checked(2))
            .any(|(two, three)| three == state && two.eq_ignore_ascii_case(country))
}

#[cfg(test)]
mod tests {
    use super::is_same;

    #[test]
    fn codes_of_both_kinds_meet() {
        for (state, country, same) in [
            ("FRA", "FR", true),
            ("FRA", "fr", true),
            ("D", "DE", true),
            ("GBD", "GB", true),
            ("UNO", "UN", true),
            ("RKS", "KS", true),
            ("UTO", "UT", true),
            ("FRA", "DE", false),
            ("XYZ", "XY", false),
            ("", "", false),
        ] {
            assert_eq!(is_same(state, country), same, "{state} {country}");
        }
    }
}
