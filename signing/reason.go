package signing

// Outcome is the verdict of ETSI EN 319 102-1 §5.1.3.
type Outcome string

const (
	TotalPassed   Outcome = "TOTAL-PASSED"  // good; nothing else is
	TotalFailed   Outcome = "TOTAL-FAILED"  // bad, and no further information can change it
	Indeterminate Outcome = "INDETERMINATE" // not shown to be good
)

// Reason says in one stable code why a signature did not pass. Clients map codes to texts; a code
// is never reworded and never reused.
type Reason = string

const (
	SignatureMalformed      Reason = "signature_malformed"
	SignatureTooLarge       Reason = "signature_too_large"
	SignatureTooDeep        Reason = "signature_too_deep"
	SignatureSeveralSigners Reason = "signature_several_signers"
	SignatureContentDiffers Reason = "signature_content_differs"
	SignatureWrong          Reason = "signature_wrong"
	SignatureAlgorithm      Reason = "signature_algorithm"
	SignatureAttributes     Reason = "signature_attributes"
	CertificateExpired      Reason = "certificate_expired"
	CertificateNotYetValid  Reason = "certificate_not_yet_valid"
	CertificateRevoked      Reason = "certificate_revoked"
	CertificateUntrusted    Reason = "certificate_untrusted"
	CertificateAuthOnly     Reason = "certificate_auth_only"
	CertificateNotForPeople Reason = "certificate_not_for_people"
	CertificateProfile      Reason = "certificate_profile"
	RevocationUnavailable   Reason = "revocation_unavailable"
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
	subRevoked              = "REVOKED_NO_POE"
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
	SignatureSeveralSigners: {Indeterminate, subSignatureConstraints},
	SignatureContentDiffers: {TotalFailed, subHashFailure},
	SignatureWrong:          {TotalFailed, subCryptoFailure},
	SignatureAlgorithm:      {Indeterminate, subCryptoConstraints},
	SignatureAttributes:     {TotalFailed, subFormatFailure},
	CertificateExpired:      {Indeterminate, subOutOfBounds},
	CertificateNotYetValid:  {Indeterminate, subOutOfBounds},
	CertificateRevoked:      {Indeterminate, subRevoked},
	CertificateUntrusted:    {Indeterminate, subNoChain},
	CertificateAuthOnly:     {Indeterminate, subChainConstraints},
	CertificateNotForPeople: {Indeterminate, subChainConstraints},
	CertificateProfile:      {Indeterminate, subChainConstraints},
	RevocationUnavailable:   {Indeterminate, subTryLater},
}

// indeterminate holds the sub-indications that make an otherwise failed reason INDETERMINATE.
var indeterminate = map[string]bool{
	subSignatureConstraints: true,
	subSignedDataNotFound:   true,
	subNoSigningCertificate: true,
	subChainGeneral:         true,
	subRevokedCA:            true,
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
		if indeterminate[f.sub] {
			v.outcome = Indeterminate
		}
	}
	return v
}
