package server

import (
	"net/http"

	"github.com/gin-gonic/gin"
)

type configResponse struct {
	Demo        bool   `json:"demo"`
	PortalURL   string `json:"portalUrl"`
	NCALayerURL string `json:"ncalayerUrl"`
}

func (s *Server) config(c *gin.Context) error {
	return reply(c, http.StatusOK, configResponse{PortalURL: s.PortalURL, NCALayerURL: s.NCALayerURL})
}
