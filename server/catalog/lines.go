package catalog

import (
	"fmt"
	"strings"

	"gopkg.in/yaml.v3"
)

// linesOf maps paths such as "sections[2].fields[0].type" to lines of the file, so that a
// mistake found after decoding can still be pointed at.
func linesOf(root *yaml.Node) map[string]int {
	lines := map[string]int{}
	walk(root, "", lines)
	return lines
}

func walk(n *yaml.Node, path string, lines map[string]int) {
	switch n.Kind {
	case yaml.DocumentNode:
		for _, c := range n.Content {
			walk(c, path, lines)
		}
	case yaml.AliasNode:
		walk(n.Alias, path, lines)
	case yaml.MappingNode:
		for i := 0; i+1 < len(n.Content); i += 2 {
			key := joinPath(path, n.Content[i].Value)
			lines[key] = n.Content[i].Line
			walk(n.Content[i+1], key, lines)
		}
	case yaml.SequenceNode:
		for i, c := range n.Content {
			item := fmt.Sprintf("%s[%d]", path, i)
			lines[item] = c.Line
			walk(c, item, lines)
		}
	}
}

func joinPath(path, key string) string {
	if path == "" {
		return key
	}
	return path + "." + key
}

// lineOf is the line of the path, or of the nearest thing around it that stands in the file.
func lineOf(lines map[string]int, path string) int {
	for path != "" {
		if line, ok := lines[path]; ok {
			return line
		}
		path = path[:max(strings.LastIndexAny(path, ".["), 0)]
	}
	return 1
}
