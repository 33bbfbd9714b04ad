// Decode reads documents as container engines do and prints what they see.
//
// Each line of the input is a kind of document, a space and the document in base64. Each line of the output is a JSON
// object: by reader, either "refused" or the facts that the reader goes by. The structs have the fields and JSON names of
// image-spec's Go types and of Docker's, which containerd, podman, skopeo and Docker decode into.
package main

import (
	"bufio"
	"encoding/base64"
	"encoding/json"
	"os"
	"sort"
	"strconv"
	"strings"
)

// Seen is what one reader makes of a document.
type seen struct {
	Refused string     `json:"refused,omitempty"`
	Facts   [][]string `json:"facts"`
}

// Readers by kind of document, each with its name.
var readers = map[string]map[string]func([]byte) ([][]string, error){
	"manifest": {"oci": read[ociManifest], "docker": read[dockerManifest]},
	"index":    {"oci": read[ociIndex], "docker": read[dockerList]},
	"config":   {"oci": read[ociConfig], "docker": read[dockerConfig]},
	"schema1":  {"docker": read[schema1]},
	"saved":    {"docker": read[savedImages]},
}

type facts interface{ facts() ([][]string, error) }

func read[T facts](document []byte) ([][]string, error) {
	var into T
	if err := json.Unmarshal(document, &into); err != nil {
		return nil, err
	}
	return into.facts()
}

func main() {
	in, out := bufio.NewReaderSize(os.Stdin, 1<<20), bufio.NewWriter(os.Stdout)
	defer out.Flush()
	for {
		line, err := in.ReadString('\n')
		kind, encoded, found := strings.Cut(strings.TrimSpace(line), " ")
		if !found {
			if err != nil {
				return
			}
			continue
		}
		document, err := base64.StdEncoding.DecodeString(encoded)
		if err != nil {
			panic(err)
		}
		answers := map[string]seen{}
		for name, reader := range readers[kind] {
			said, err := reader(document)
			if err != nil {
				answers[name] = seen{Refused: err.Error()}
			} else {
				answers[name] = seen{Facts: said}
			}
		}
		answer, err := json.Marshal(answers)
		if err != nil {
			panic(err)
		}
		out.Write(append(answer, '\n'))
	}
}

func fact(name string, values ...string) []string { return append([]string{name}, values...) }

func keys[T any](of map[string]T) []string {
	names := make([]string, 0, len(of))
	for name := range of {
		names = append(names, name)
	}
	sort.Strings(names)
	return names
}

func pairs(of map[string]string) []string {
	var all []string
	for _, name := range keys(of) {
		all = append(all, name, of[name])
	}
	return all
}

func number(of int64) string { return strconv.FormatInt(of, 10) }
