"""Names of months in the languages of the tables that people have, in full, in the genitive and cut short."""

from __future__ import annotations

# English, German, French, Spanish, Italian, Portuguese, Dutch, Swedish; Danish and Norwegian; Polish; Czech; Russian;
# Ukrainian; Turkish; Finnish; Hungarian; Romanian; Greek
_MONTHS = (
    "jan|january|januar|jänner|janvier|janv|enero|ene|gennaio|gen|janeiro|januari|styczeń|stycznia|sty|leden|ledna|led|"
    "январь|января|янв|січень|січня|січ|ocak|oca|tammikuu|tammi|január|ianuarie|ian|ιανουάριος|ιανουαρίου|ιαν",
    "feb|february|februar|février|févr|fév|fevrier|fevr|febrero|febbraio|fevereiro|fev|februari|luty|lutego|lut|únor|"
    "února|úno|февраль|февраля|фев|февр|лютий|лютого|лют|şubat|şub|helmikuu|helmi|február|febr|februarie|φεβρουάριος|φεβρουαρίου|φεβ",
    "mar|march|märz|mär|maerz|mrz|mars|marzo|março|marco|maart|mrt|marts|marzec|marca|březen|března|bře|март|марта|мар|"
    "березень|березня|бер|mart|maaliskuu|maalis|március|márc|martie|μάρτιος|μαρτίου|μάρτιο|μαρ|μάρ",
    "apr|april|avril|avr|abril|abr|aprile|kwiecień|kwietnia|kwi|duben|dubna|dub|апрель|апреля|апр|квітень|квітня|квіт|"
    "nisan|nis|huhtikuu|huhti|április|ápr|aprilie|απρίλιος|απριλίου|απρ",
    "may|mai|mayo|maggio|mag|maio|mei|maj|maja|květen|května|kvě|май|мая|травень|травня|трав|mayıs|toukokuu|touko|"
    "május|máj|μάιος|μαΐου|μάι|μαΐ|μαϊ",
    "jun|june|juni|juin|junio|giugno|giu|junho|czerwiec|czerwca|cze|červen|června|čvn|июнь|июня|июн|червень|червня|черв|"
    "haziran|haz|kesäkuu|kesä|június|jún|iunie|iun|ιούνιος|ιουνίου|ιουν|ιούν",
    "jul|july|juli|juillet|juil|julio|luglio|lug|julho|lipiec|lipca|lip|červenec|července|čvc|июль|июля|июл|липень|"
    "липня|лип|temmuz|tem|heinäkuu|heinä|július|júl|iulie|iul|ιούλιος|ιουλίου|ιουλ|ιούλ",
    "aug|august|août|aout|aoû|agosto|ago|augustus|augusti|sierpień|sierpnia|sie|srpen|srpna|srp|август|августа|авг|"
    "серпень|серпня|серп|ağustos|ağu|elokuu|elo|augusztus|αύγουστος|αυγούστου|αυγ|αύγ",
    "sep|sept|september|septembre|septiembre|setiembre|settembre|setembro|set|wrzesień|września|wrz|září|zář|сентябрь|"
    "сентября|сен|сент|вересень|вересня|вер|eylül|eyl|syyskuu|syys|szeptember|szept|septembrie|σεπτέμβριος|σεπτεμβρίου|σεπ|σεπτ",
    "oct|october|okt|oktober|octobre|octubre|ottobre|ott|outubro|out|październik|października|paź|říjen|října|říj|"
    "октябрь|октября|окт|жовтень|жовтня|жовт|ekim|eki|lokakuu|loka|október|octombrie|οκτώβριος|οκτωβρίου|οκτ",
    "nov|november|novembre|noviembre|novembro|listopad|listopada|listopadu|lis|ноябрь|ноября|ноя|нояб|листопада|лист|"
    "kasım|kas|marraskuu|marras|noiembrie|noi|νοέμβριος|νοεμβρίου|νοε|νοέ",
    "dec|december|dez|dezember|décembre|déc|decembre|diciembre|dicembre|dic|dezembro|grudzień|grudnia|gru|prosinec|"
    "prosince|pro|декабрь|декабря|дек|грудень|грудня|груд|aralık|ara|joulukuu|joulu|decembrie|δεκέμβριος|δεκεμβρίου|δεκ",
)
MONTH_NUMBERS = {
    word + ending: number
    for number, words in enumerate(_MONTHS, 1)
    for word in words.split("|")
    for ending in (("", "ta") if word.endswith("kuu") else ("",))
}
