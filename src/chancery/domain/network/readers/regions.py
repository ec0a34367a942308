"""Regions of the world by country: the five regions of the UN's M49 standard, as facts."""

_CODES = {
    "Africa": """
        AGO BDI BEN BFA BWA CAF CIV CMR COD COG COM CPV DJI DZA EGY ERI ETH GAB GHA GIN GMB GNB GNQ KEN LBR LBY LSO
        MAR MDG MLI MOZ MRT MUS MWI MYT NAM NER NGA RWA SDN SEN SLE SOM SSD STP SWZ SYC TCD TGO TUN TZA UGA ZAF ZMB ZWE
    """,
    "Americas": """
        ABW ANT ARG ATG BHS BLZ BMU BOL BRA BRB CAN CHL COL CRI CUB CUW CYM DMA DOM ECU GRD GRL GTM GUY HND HTI JAM KNA
        LCA MAF MEX NIC PAN PER PRI PRY SLV SUR SXM TCA TTO URY USA VCT VEN VGB VIR
    """,
    "Asia": """
        AFG ARE ARM AZE BGD BHR BRN BTN CHN CYP GEO HKG IDN IND IRN IRQ ISR JOR JPN KAZ KGZ KHM KOR KWT LAO LBN LKA
        MAC MDV MMR MNG MYS NPL OMN PAK PHL PRK PSE QAT SAU SGP SYR THA TJK TKM TLS TUR TWN UZB VNM YEM
    """,
    "Europe": """
        ALB AND AUT BEL BGR BIH BLR CHE CHI CSK CZE DEU DNK ESP EST FIN FRA FRO GBR GIB GRC HRV HUN IMN IRL ISL ITA LIE
        LTU LUX LVA MCO MDA MKD MLT MNE NLD NOR POL PRT ROU RUS SMR SRB SUN SVK SVN SWE UKR XKX YUG
    """,
    "Oceania": """
        ASM AUS FJI FSM GUM KIR MHL MNP NCL NRU NZL PLW PNG PYF SLB TON TUV VUT WSM
    """,
}
_REGION_OF = {code: region for region, codes in _CODES.items() for code in codes.split()}


def region_of(iso3: str) -> str:
    """Return the region of a country, blank where the code is unknown."""
    return _REGION_OF.get(iso3, "")
