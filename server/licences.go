package server

import (
	"net/http"

	"github.com/gin-gonic/gin"

	"elicensing/server/application"
	"elicensing/server/licence"
	"elicensing/signing/pades"
)

func (s *Server) checkLicence(c *gin.Context) error {
	if err := s.Checks.Allow(c.ClientIP()); err != nil {
		return err
	}
	l, err := s.Applications.Licence(c.Request.Context(), c.Param("number"))
	if err != nil {
		return err
	}
	return s.replyLicence(c, l)
}

func (s *Server) replyLicence(c *gin.Context, l licence.Licence) error {
	public, err := s.publicLicence(l)
	if err != nil {
		return err
	}
	return reply(c, http.StatusOK, public)
}

// checkLicenceFile answers three questions about a dropped PDF. The file is not kept.
func (s *Server) checkLicenceFile(c *gin.Context) error {
	leave, err := s.checkFor(c)
	if err != nil {
		return err
	}
	defer leave()
	pdf, err := readBody(c, pades.MaxFile)
	if err != nil {
		return err
	}
	v, err := s.Applications.CheckFile(c.Request.Context(), pdf)
	if err != nil {
		return err
	}
	out := verdictResponse{Signature: signatureAnswer{Answer: v.Signature, Reason: v.Reason}, Register: registerAnswer{Answer: "unknown", Kind: v.Kind}, InForce: forceAnswer{Answer: "not_applicable"}, AsOf: s.Now()}
	if v.Signer != nil && v.Signature == application.Good {
		out.Signature.Signer, out.Signature.Organisation = v.Signer.FullName(), v.Signer.Organisation
		if !v.SignedAt.IsZero() {
			out.Signature.SignedAt = &v.SignedAt
		}
	}
	switch {
	case v.Registered:
		out.Register.Answer = "same"
	case v.Known:
		out.Register.Answer = "differs"
	}
	if v.Licence != nil {
		public, err := s.publicLicence(*v.Licence)
		if err != nil {
			return err
		}
		out.Licence = &public
		if v.Registered { // of a document that was changed nothing is in force
			out.InForce = forceAnswer{Answer: "no", Status: public.Status}
			if public.Status == licence.Valid {
				out.InForce.Answer = "yes"
			}
		}
	}
	return reply(c, http.StatusOK, out)
}

func (s *Server) listMyLicences(c *gin.Context) error {
	found, err := s.Applications.MyLicences(c.Request.Context(), actor(c))
	if err != nil {
		return err
	}
	today := s.Calendar.DateOf(s.Now())
	list := make([]myLicence, 0, len(found))
	for _, l := range found {
		list = append(list, myLicence{l.Number, l.ServiceCode, l.AnnexNumber, day(l.IssuedOn), l.StatusOn(today), l.ApplicationID.String(), namesOf(l.SubActivities)})
	}
	return reply(c, http.StatusOK, struct {
		Licences []myLicence `json:"licences"`
	}{list})
}
