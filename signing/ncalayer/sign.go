package ncalayer

import (
	"crypto"
	"crypto/x509"
	"encoding/base64"
	"encoding/hex"
	"encoding/json"
	"encoding/pem"
	"fmt"
	"strings"

	"elicensing/signing/certificate"
	"elicensing/signing/cms"
	"elicensing/signing/pkcs12"
	"elicensing/signing/profile"
)

// Key is what the person signs with.
type Key struct {
	Signer      crypto.Signer     // private key
	Certificate *x509.Certificate // of that key
}

// OpenKey reads a key file.
//
// Errors: those of pkcs12.Open.
func OpenKey(file []byte, password string) (*Key, error) {
	signer, certificate, _, err := pkcs12.Open(file, password)
	if err != nil {
		return nil, fmt.Errorf("ncalayer: key file: %w", err)
	}
	return &Key{Signer: signer, Certificate: certificate}, nil
}

// sign plays basics.sign.
func (s *Server) sign(args json.RawMessage) object {
	var a signArgs
	if json.Unmarshal(args, &a) != nil {
		return failed(codeInvalidParams, "arguments are not understood")
	}
	key, mode := s.state()
	switch {
	case mode == ModeCancel || key == nil:
		return cancelled()
	case mode == ModeError:
		return failed(codeInvocation, "the program failed on demand")
	case a.Format != "cms":
		return failed(codeInvalidParams, "only the format cms is played here")
	case a.SigningParams.Digested || present(a.SigningParams.TSAProfile):
		return failed(codeInvalidParams, "digests and time stamps are not played here")
	case len(a.Data) == 0:
		return failed(codeInvalidParams, "no data")
	}
	if why := key.unsuitable(a); why != "" {
		return failed(codeFailure, why)
	}
	var signatures []string
	for _, data := range a.Data {
		content := []byte(data)
		if a.SigningParams.Decode {
			var err error
			if content, err = base64.StdEncoding.DecodeString(data); err != nil {
				return failed(codeInvalidParams, "data is not base64")
			}
		}
		if mode == ModeWrongContent {
			content = append([]byte("another document: "), content...)
		}
		signature, err := s.signOne(key, content, a.SigningParams.Encapsulate)
		if err != nil {
			return failed(codeFailure, err.Error())
		}
		signatures = append(signatures, signature)
	}
	certificate := ""
	if a.SigningParams.OutputCert {
		certificate = base64.StdEncoding.EncodeToString(key.Certificate.Raw)
	}
	return signed(signatures, certificate)
}

// signOne makes what the program makes: CAdES-BES with the signer's certificate only and always with
// a signing time, as PEM with the label CMS.
func (s *Server) signOne(key *Key, content []byte, attached bool) (string, error) {
	now := s.now()
	message, err := cms.Sign(content, cms.SignOptions{
		Key: key.Signer, Certificate: key.Certificate, SigningTime: &now, Attached: attached,
	})
	if err != nil {
		return "", err
	}
	return string(pem.EncodeToMemory(&pem.Block{Type: "CMS", Bytes: message})), nil
}

// unsuitable says why the program would not offer this key for the call; empty when it would.
func (k *Key) unsuitable(a signArgs) string {
	want, names := a.SignerParams, k.names()
	switch {
	case !present(want.Chain):
		return "only certificates of the national authority are accepted without chain"
	case want.IIN != "" && want.IIN != names.IIN:
		return "key of another person"
	case want.BIN != "" && want.BIN != names.BIN:
		return "key of another entity"
	case want.SerialNumber != "" && !strings.EqualFold(want.SerialNumber, hex.EncodeToString(k.Certificate.SerialNumber.Bytes())):
		return "another certificate"
	}
	for _, oid := range want.ExtKeyUsageOIDs {
		if !k.has(oid) {
			return "key is not for this use"
		}
	}
	return ""
}

// names are those of the certificate; none when our reader refuses it.
func (k *Key) names() profile.Names {
	c, err := certificate.Parse(k.Certificate.Raw)
	if err != nil {
		return profile.Names{}
	}
	return profile.NamesOf(c)
}

// has tells whether the certificate carries an extended key usage.
func (k *Key) has(oid string) bool {
	standard := map[string]x509.ExtKeyUsage{
		"1.3.6.1.5.5.7.3.4": x509.ExtKeyUsageEmailProtection,
		"1.3.6.1.5.5.7.3.2": x509.ExtKeyUsageClientAuth,
	}
	for _, usage := range k.Certificate.ExtKeyUsage {
		if known, ok := standard[oid]; ok && usage == known {
			return true
		}
	}
	for _, usage := range k.Certificate.UnknownExtKeyUsage {
		if usage.String() == oid {
			return true
		}
	}
	return false
}
