package print

import (
	"fmt"
	"math"

	"rsc.io/qr"
)

// emblem draws the portal's sign in the place of the state emblem: a sun over the vault of a yurt. It is a
// vector drawing, size is its width.
func (d *drawing) emblem(x, y, size float64) {
	k := size / 48 // drawn on a field of 48 by 48
	cx, cy := x+size/2, y+size/2
	d.pdf.SetDrawColor(gold[0], gold[1], gold[2])
	d.pdf.SetLineCapStyle("butt")
	d.pdf.SetLineWidth(1.6 * k)
	d.pdf.Circle(cx, cy, 22*k, "D")
	d.pdf.SetLineWidth(1.5 * k)
	d.pdf.Circle(cx, cy, 10.4*k, "D")
	d.pdf.SetLineWidth(1.1 * k)
	for i := range 24 {
		outer := 18.6 * k
		sin, cos := math.Sincos(float64(i) * math.Pi / 12)
		d.pdf.Line(cx+10.5*k*cos, cy+10.5*k*sin, cx+outer*cos, cy+outer*sin)
	}
	for _, c := range [][6]float64{
		{14.2, 21.6, 24, 19, 33.8, 21.6}, {14.2, 26.4, 24, 29, 33.8, 26.4},
		{21.6, 14.2, 19, 24, 21.6, 33.8}, {26.4, 14.2, 29, 24, 26.4, 33.8},
	} {
		d.pdf.Curve(x+c[0]*k, y+c[1]*k, x+c[2]*k, y+c[3]*k, x+c[4]*k, y+c[5]*k, "D")
	}
}

// ramsHorn draws the one ornament, a line of ram's horns, along width with its foot at y; up is false for
// the lower edge of a page, where it hangs.
func (d *drawing) ramsHorn(x, y, width float64, up bool) {
	const tileWidth, tileHeight = 56.0, 17.4
	tiles := math.Round(width / (tileWidth * 0.262))
	k := width / tiles / tileWidth
	sign := -1.0
	if !up {
		sign = 1
	}
	d.pdf.SetDrawColor(ornament[0], ornament[1], ornament[2])
	d.pdf.SetLineWidth(1.1 * k)
	d.pdf.SetLineCapStyle("round")
	d.pdf.Line(x, y, x+width, y)
	for i := range int(tiles) {
		ox := x + float64(i)*tileWidth*k
		px := func(v float64) float64 { return ox + v*k }
		py := func(v float64) float64 { return y + sign*(tileHeight-v)*k }
		d.pdf.Line(px(28), py(17), px(28), py(10))
		for _, m := range []float64{1, -1} { // the two horns mirror each other
			hx := func(v float64) float64 { return px(28 + m*(v-28)) }
			d.pdf.MoveTo(hx(28), py(10))
			d.pdf.CurveBezierCubicTo(hx(28), py(4.6), hx(17), py(1.6), hx(15.4), py(7.6))
			d.pdf.CurveBezierCubicTo(hx(14.5), py(11.4), hx(19.6), py(13.4), hx(21.2), py(10.4))
			d.pdf.CurveBezierCubicTo(hx(22), py(8.7), hx(20.3), py(7.3), hx(19), py(8.3))
			d.pdf.DrawPath("D")
		}
		d.pdf.Line(px(0), py(13.4), px(4), py(17.4))
		d.pdf.Line(px(56), py(13.4), px(52), py(17.4))
	}
	d.pdf.SetLineCapStyle("butt")
}

// qrCode draws an address as a QR code of the given width, as rectangles, one for each run of a row.
func (d *drawing) qrCode(x, y, size float64, address string) {
	code, err := qr.Encode(address, qr.M)
	if err != nil {
		if d.err == nil {
			d.err = fmt.Errorf("print: QR code: %w", err)
		}
		return
	}
	module := size / float64(code.Size)
	for row := range code.Size {
		for from := 0; from < code.Size; from++ {
			to := from
			for to < code.Size && code.Black(to, row) {
				to++
			}
			if to > from {
				// A hair taller than a module, so that no viewer shows light between rows.
				d.fillBox(x+float64(from)*module, y+float64(row)*module, float64(to-from)*module, module+0.01, ink)
				from = to
			}
		}
	}
}
