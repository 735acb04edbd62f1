package catalog

// Codes of wrong answers, with the parameters that their texts need. They are a contract with
// the page, which holds a text for each in three languages.
const (
	// Refused even in a draft: the shape or the size is wrong, and keeping it would be of no use.
	CodeUnknownField  = "unknown_field"
	CodeWrongType     = "wrong_type"     // another JSON type than the field's
	CodeTooLong       = "too_long"       // max: characters
	CodeTooManyRows   = "too_many_rows"  // max
	CodeTooManyItems  = "too_many_items" // max
	CodeBadCharacters = "bad_characters" // character: "U+202E"; invisible, control, or not printable by our fonts

	// Refused when the form is signed.
	CodeRequired         = "required"
	CodeConfirm          = "confirmation_required"
	CodeTooFewRows       = "too_few_rows" // min
	CodeNotNumber        = "not_a_number"
	CodeNotWhole         = "not_a_whole_number"
	CodeTooManyDecimals  = "too_many_decimals" // max
	CodeTooSmall         = "too_small"         // min
	CodeTooLarge         = "too_large"         // max
	CodeBadYear          = "bad_year"          // four digits
	CodeBadDate          = "bad_date"
	CodeInFuture         = "in_future"    // max: the last day or year allowed
	CodeInPast           = "in_past"      // min: the first day allowed
	CodeTooOld           = "too_old"      // years, min
	CodeBeforeOther      = "before_other" // field: id of the field it may not precede
	CodeBadEmail         = "bad_email"
	CodeBadPhone         = "bad_phone"
	CodeBadIIN           = "bad_iin"
	CodeBadBIN           = "bad_bin"
	CodeBadPostcode      = "bad_postcode"
	CodeCityOrSettlement = "city_or_settlement_required"
	CodeUnknownOption    = "unknown_option" // not one of a choice's values, or no such authority
	CodeUnknownItem      = "unknown_item"   // code: not in the classifier
	CodeItemIsGroup      = "item_is_group"  // code: a heading; choose something under it
	CodeItemNotValid     = "item_not_valid" // code: not valid today
	CodeRepeated         = "repeated"       // code: chosen twice
	CodePeriodTooShort   = "period_too_short"
	CodeDocumentMissing  = "document_missing"
	CodeTooManyFiles     = "too_many_files" // max
	CodeMoreErrors       = "more_errors"    // count: further mistakes that are not listed
)

// Codes lists every code above: the texts of the page are checked against it.
var Codes = []string{
	CodeUnknownField, CodeWrongType, CodeTooLong, CodeTooManyRows, CodeTooManyItems, CodeBadCharacters,
	CodeRequired, CodeConfirm, CodeTooFewRows, CodeNotNumber, CodeNotWhole, CodeTooManyDecimals, CodeTooSmall, CodeTooLarge,
	CodeBadYear, CodeBadDate, CodeInFuture, CodeInPast, CodeTooOld, CodeBeforeOther,
	CodeBadEmail, CodeBadPhone, CodeBadIIN, CodeBadBIN, CodeBadPostcode, CodeCityOrSettlement,
	CodeUnknownOption, CodeUnknownItem, CodeItemIsGroup, CodeItemNotValid, CodeRepeated,
	CodePeriodTooShort, CodeDocumentMissing, CodeTooManyFiles, CodeMoreErrors,
}
