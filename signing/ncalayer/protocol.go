package ncalayer

import (
	"bytes"
	"encoding/json"
)

// Version is what the greeting says.
const Version = "1.4"

const heartbeat = "--heartbeat--"

// Modules and methods, as the national program names them.
const (
	moduleBasics   = "kz.gov.pki.knca.basics"
	moduleKazToken = "kz.digiflow.mobile.extensions" // asked first by ncalayer-js-client; absent here as on most machines
	methodSign     = "sign"
)

// Error codes of module basics.
const (
	codeInvalidParams = "INVALID_SIGNING_PARAMS"
	codeFailure       = "SIGNING_FAILURE"
	codeInvocation    = "INVOCATION_ERROR"
)

// call is a message of the page.
type call struct {
	Module string          `json:"module"`
	Method string          `json:"method"`
	Args   json.RawMessage `json:"args"`
	UUID   json.RawMessage `json:"uuid"`
}

// signArgs are the arguments of basics.sign.
type signArgs struct {
	AllowedStorages []string `json:"allowedStorages"`
	Format          string   `json:"format"`
	Data            texts    `json:"data"`
	SigningParams   struct {
		Decode      bool            `json:"decode"`
		Encapsulate bool            `json:"encapsulate"`
		Digested    bool            `json:"digested"`
		TSAProfile  json.RawMessage `json:"tsaProfile"`
		OutputCert  bool            `json:"outputCert"`
	} `json:"signingParams"`
	SignerParams struct {
		ExtKeyUsageOIDs []string        `json:"extKeyUsageOids"`
		IIN             string          `json:"iin"`
		BIN             string          `json:"bin"`
		SerialNumber    string          `json:"serialNumber"`
		Chain           json.RawMessage `json:"chain"`
	} `json:"signerParams"`
	Locale string `json:"locale"`
}

// texts is one string or a list of them.
type texts []string

func (t *texts) UnmarshalJSON(data []byte) error {
	if bytes.HasPrefix(bytes.TrimSpace(data), []byte("[")) {
		return json.Unmarshal(data, (*[]string)(t))
	}
	var one string
	if err := json.Unmarshal(data, &one); err != nil {
		return err
	}
	*t = texts{one}
	return nil
}

// present tells whether an optional value was sent and is not null.
func present(value json.RawMessage) bool {
	return len(value) > 0 && !bytes.Equal(bytes.TrimSpace(value), []byte("null"))
}

type object = map[string]any

var greeting = object{"result": object{"version": Version}}

func moduleNotFound() object { return object{"success": false, "errorCode": "MODULE_NOT_FOUND"} }
func notJSON() object        { return object{"success": false, "code": "COMMON_JSON_WRAPPING_EXCEPTION"} }
func cancelled() object      { return object{"status": true, "body": object{}} }

func signed(signatures []string, certificate string) object {
	if certificate == "" {
		return object{"status": true, "body": object{"result": signatures}}
	}
	return object{"status": true, "body": object{"result": object{"signatures": signatures, "certificate": certificate}}}
}

func failed(code, details string) object {
	return object{"status": false, "code": code, "message": "An invoked method threw an exception.", "details": details}
}
