package egov

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"

	"elicensing/payments"
)

// maxReportPages bounds what one report may make us read: a hundred thousand lines.
const maxReportPages = 1000

// Report implements payments.Gateway.
func (c *Client) Report(ctx context.Context, day string) ([]payments.ReportLine, error) {
	var lines []payments.ReportLine
	after := ""
	for range maxReportPages {
		page, err := c.reportPage(ctx, day, after)
		if err != nil {
			return nil, err
		}
		for _, l := range page.Lines {
			line, err := l.line()
			if err != nil {
				return nil, nonsense(err.Error())
			}
			lines = append(lines, line)
		}
		if page.Next == "" {
			return lines, nil
		}
		after = page.Next
	}
	return nil, nonsense("its report does not end")
}

func (c *Client) reportPage(ctx context.Context, day, after string) (Report, error) {
	path := "/api/reports/" + url.PathEscape(day)
	if after != "" {
		path += "?after=" + url.QueryEscape(after)
	}
	body, err := c.send(ctx, http.MethodGet, path, nil)
	if errors.Is(err, errConflict) {
		return Report{}, payments.ErrReportNotReady
	}
	if err != nil {
		return Report{}, err
	}
	var page Report
	if err := decode(body, &page); err != nil {
		return Report{}, nonsense(err.Error())
	}
	if page.Day != day || len(page.Lines) > ReportPage || page.Next == after && after != "" {
		return Report{}, nonsense(fmt.Sprintf("its report of %d lines is not the page that was asked for", len(page.Lines)))
	}
	return page, nil
}
