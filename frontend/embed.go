// Package frontend carries the built pages inside the binary. The folder dist is made by `npm run build`; a placeholder in it lets Go
// compile when the pages have not been built. It imports nothing of ours.
package frontend

import (
	"embed"
	"io/fs"
)

//go:embed all:dist
var dist embed.FS

// Files returns the built pages, rooted at their own folder: index.html, assets/…, signer.wasm. Without a build only placeholder.txt is
// there, and opening index.html answers fs.ErrNotExist.
func Files() fs.FS {
	files, err := fs.Sub(dist, "dist")
	if err != nil {
		// fs.Sub refuses only an invalid path, and "dist" is a constant.
		panic(err)
	}
	return files
}
