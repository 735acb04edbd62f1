package signing

// Outcome is the verdict of ETSI EN 319 102-1 §5.1.3.
type Outcome string

const (
	TotalPassed   Outcome = "TOTAL-PASSED"  // good; nothing else is
	TotalFailed   Outcome = "TOTAL-FAILED"  // bad, and no further information can change it
	Indeterminate Outcome = "INDETERMINATE" // not shown to be good
	// NoSignatureFound: there is nothing to judge (EN 319 102-1 §5.1.2.1).
	NoSignatureFound Outcome = "NO_SIGNATURE_FOUND"
)

// Reason says in one stable code why a signature did not pass. Clients map codes to texts; a code
// is never reworded and never reused.
type Reason = string

const (
	SignatureMalformed      Reason = "signature_malformed"        // no SignedData of RFC 5652 §5.1, or bytes behind it
	SignatureTooLarge       Reason = "signature_too_large"        // over cms.MaxSize, or cms.MaxEncodedSize as text
	SignatureTooDeep        Reason = "signature_too_deep"         // nested deeper than cms.MaxDepth
	SignatureNone           Reason = "signature_none"             // a message, or file, without a signer (RFC 5652 §5.1)
	SignatureSeveralSigners Reason = "signature_several_signers"  // and the policy demands exactly one
	SignatureDuplicated     Reason = "signature_duplicated"       // stands in the message before: one act does not count twice
	SignatureContentMissing Reason = "signature_content_missing"  // there is nothing to hold it against (EN 319 102-1 §5.2.7)
	SignatureContentDiffers Reason = "signature_content_differs"  // it is over other bytes than ours (RFC 5652 §5.6)
	SignatureWrong          Reason = "signature_wrong"            // not made with this key over these attributes (RFC 5652 §5.6)
	SignatureAlgorithm      Reason = "signature_algorithm"        // not accepted, or not any more at the best signature time (TS 119 312)
	SignatureAttributes     Reason = "signature_attributes"       // missing, repeated or contradicting ones (RFC 5652 §11, RFC 5035 §5.4)
	CertificateExpired      Reason = "certificate_expired"        // before the best signature time, the signer's or an authority's
	CertificateNotYetValid  Reason = "certificate_not_yet_valid"  // at the best signature time
	CertificateRevoked      Reason = "certificate_revoked"        // the signer's or an authority's; since when stands in Report.Revocation
	CertificateSuspended    Reason = "certificate_suspended"      // on hold: it may be released
	CertificateNeverIssued  Reason = "certificate_never_issued"   // its authority does not know it (RFC 6960 §2.2)
	CertificateUntrusted    Reason = "certificate_untrusted"      // missing, or no valid path to a root of ours (RFC 5280 §6.1)
	CertificateAuthOnly     Reason = "certificate_auth_only"      // a key for signing in (order № 1187, item 6)
	CertificateNotForPeople Reason = "certificate_not_for_people" // of an information system
	CertificateProfile      Reason = "certificate_profile"        // against the national profile, or not for this act by the Policy
	RevocationUnavailable   Reason = "revocation_unavailable"     // nobody could tell now, or ctx ended: to be tried later

	// Of time stamps, in Report.TimeStamps only: a bad one does not spoil a signature, it proves no time.
	StampMalformed Reason = "timestamp_malformed"       // no token of RFC 3161 §2.4.2
	StampOther     Reason = "timestamp_other_signature" // not over this signature's value
	StampAuthority Reason = "timestamp_authority"       // by somebody who may not stamp
	StampTime      Reason = "timestamp_time"            // of a time that cannot be

	// Of documents that hold signatures: PDF and ASiC-E (package document).
	DocumentMalformed Reason = "document_malformed" // or one that two readers may understand differently
	DocumentChanged   Reason = "document_changed"   // something was added after signing
)

// Sub-indications of ETSI EN 319 102-1 §5.1.3, table 6.
const (
	subFormatFailure        = "FORMAT_FAILURE"
	subHashFailure          = "HASH_FAILURE"
	subCryptoFailure        = "SIG_CRYPTO_FAILURE"
	subSignatureConstraints = "SIG_CONSTRAINTS_FAILURE"
	subChainConstraints     = "CHAIN_CONSTRAINTS_FAILURE"
	subCryptoConstraints    = "CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
	subSignedDataNotFound   = "SIGNED_DATA_NOT_FOUND"
	subNoSigningCertificate = "NO_SIGNING_CERTIFICATE_FOUND"
	subNoChain              = "NO_CERTIFICATE_CHAIN_FOUND"
	subChainGeneral         = "CERTIFICATE_CHAIN_GENERAL_FAILURE"
	subOutOfBounds          = "OUT_OF_BOUNDS_NO_POE"
	subNotYetValid          = "NOT_YET_VALID"
	subRevoked              = "REVOKED_NO_POE"
	subRevokedBefore        = "REVOKED"
	subRevokedCA            = "REVOKED_CA_NO_POE"
	subTryLater             = "TRY_LATER"
)

// verdict is what a reason means unless the check says something more exact.
type verdict struct {
	outcome Outcome
	sub     string
}

var verdicts = map[Reason]verdict{
	SignatureMalformed:      {TotalFailed, subFormatFailure},
	SignatureTooLarge:       {TotalFailed, subFormatFailure},
	SignatureTooDeep:        {TotalFailed, subFormatFailure},
	SignatureNone:           {NoSignatureFound, ""},
	SignatureSeveralSigners: {Indeterminate, subSignatureConstraints},
	SignatureDuplicated:     {Indeterminate, subSignatureConstraints},
	SignatureContentMissing: {Indeterminate, subSignedDataNotFound},
	SignatureContentDiffers: {TotalFailed, subHashFailure},
	SignatureWrong:          {TotalFailed, subCryptoFailure},
	SignatureAlgorithm:      {Indeterminate, subCryptoConstraints},
	SignatureAttributes:     {TotalFailed, subFormatFailure},
	CertificateExpired:      {Indeterminate, subOutOfBounds},
	CertificateNotYetValid:  {Indeterminate, subOutOfBounds},
	CertificateRevoked:      {Indeterminate, subRevoked},
	CertificateSuspended:    {Indeterminate, subTryLater},
	CertificateNeverIssued:  {Indeterminate, subTryLater},
	CertificateUntrusted:    {Indeterminate, subNoChain},
	CertificateAuthOnly:     {Indeterminate, subChainConstraints},
	CertificateNotForPeople: {Indeterminate, subChainConstraints},
	CertificateProfile:      {Indeterminate, subChainConstraints},
	RevocationUnavailable:   {Indeterminate, subTryLater},

	StampMalformed: {TotalFailed, subFormatFailure},
	StampOther:     {TotalFailed, subHashFailure},
	StampAuthority: {Indeterminate, subChainConstraints},
	StampTime:      {Indeterminate, subSignatureConstraints},

	DocumentMalformed: {TotalFailed, subFormatFailure},
	DocumentChanged:   {Indeterminate, subSignatureConstraints},
}

// outcomes holds the sub-indications that make the outcome another than the reason usually has.
var outcomes = map[string]Outcome{
	subFormatFailure:        TotalFailed,
	subSignatureConstraints: Indeterminate,
	subNoSigningCertificate: Indeterminate,
	subChainGeneral:         Indeterminate,
	subRevokedCA:            Indeterminate,
	subRevokedBefore:        TotalFailed,
	subNotYetValid:          TotalFailed,
}

// failure is a check that did not hold.
type failure struct {
	reason Reason
	sub    string // empty: the usual one of the reason
	detail string // for officials and logs, in English, without personal data
}

func fail(reason Reason, detail string) *failure { return &failure{reason: reason, detail: detail} }

func (f *failure) as(sub string) *failure {
	f.sub = sub
	return f
}

func (f *failure) verdict() verdict {
	v := verdicts[f.reason]
	if f.sub != "" {
		v.sub = f.sub
		if o, ok := outcomes[f.sub]; ok {
			v.outcome = o
		}
	}
	return v
}

// Verdict is what a reason means unless a check says something more exact: an outcome and a sub-indication.
func Verdict(r Reason) (Outcome, string) {
	v := verdicts[r]
	return v.outcome, v.sub
}
