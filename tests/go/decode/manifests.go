package main

type descriptor struct {
	MediaType    string            `json:"mediaType"`
	Digest       string            `json:"digest"`
	Size         int64             `json:"size"`
	URLs         []string          `json:"urls,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
	Data         []byte            `json:"data,omitempty"`
	Platform     *platform         `json:"platform,omitempty"`
	ArtifactType string            `json:"artifactType,omitempty"`
}

type platform struct {
	Architecture string   `json:"architecture"`
	OS           string   `json:"os"`
	OSVersion    string   `json:"os.version,omitempty"`
	OSFeatures   []string `json:"os.features,omitempty"`
	Variant      string   `json:"variant,omitempty"`
}

// DockerDescriptor is distribution's: it has no data.
type dockerDescriptor struct {
	MediaType   string            `json:"mediaType,omitempty"`
	Size        int64             `json:"size,omitempty"`
	Digest      string            `json:"digest,omitempty"`
	URLs        []string          `json:"urls,omitempty"`
	Annotations map[string]string `json:"annotations,omitempty"`
	Platform    *platform         `json:"platform,omitempty"`
}

type versioned struct {
	SchemaVersion int    `json:"schemaVersion"`
	MediaType     string `json:"mediaType,omitempty"`
}

type ociManifest struct {
	versioned
	ArtifactType string            `json:"artifactType,omitempty"`
	Config       descriptor        `json:"config"`
	Layers       []descriptor      `json:"layers"`
	Subject      *descriptor       `json:"subject,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

type dockerManifest struct {
	versioned
	Config dockerDescriptor   `json:"config"`
	Layers []dockerDescriptor `json:"layers"`
}

type ociIndex struct {
	versioned
	ArtifactType string            `json:"artifactType,omitempty"`
	Manifests    []descriptor      `json:"manifests"`
	Subject      *descriptor       `json:"subject,omitempty"`
	Annotations  map[string]string `json:"annotations,omitempty"`
}

type dockerList struct {
	versioned
	Manifests []struct {
		dockerDescriptor
		Platform struct {
			platform
			Features []string `json:"features,omitempty"`
		} `json:"platform"`
	} `json:"manifests"`
}

func (v versioned) facts() [][]string {
	return [][]string{fact("mediaType", v.MediaType)}
}

func (d descriptor) fact(name string) []string {
	return append(fact(name, d.MediaType, d.Digest, number(d.Size)), d.URLs...)
}

func (d dockerDescriptor) fact(name string) []string {
	return append(fact(name, d.MediaType, d.Digest, number(d.Size)), d.URLs...)
}

func (p platform) fact() []string {
	return append(fact("platform", p.OS, p.Architecture, p.Variant, p.OSVersion), p.OSFeatures...)
}

func (m ociManifest) facts() ([][]string, error) {
	all := append(m.versioned.facts(), m.Config.fact("config"))
	for _, layer := range m.Layers {
		all = append(all, layer.fact("layer"))
	}
	return append(all, fact("annotations", pairs(m.Annotations)...)), nil
}

func (m dockerManifest) facts() ([][]string, error) {
	all := append(m.versioned.facts(), m.Config.fact("config"))
	for _, layer := range m.Layers {
		all = append(all, layer.fact("layer"))
	}
	return all, nil
}

func (i ociIndex) facts() ([][]string, error) {
	all := i.versioned.facts()
	for _, entry := range i.Manifests {
		all = append(all, entry.fact("entry"))
		if entry.Platform != nil {
			all = append(all, entry.Platform.fact())
		}
	}
	return append(all, fact("annotations", pairs(i.Annotations)...)), nil
}

func (l dockerList) facts() ([][]string, error) {
	all := l.versioned.facts()
	for _, entry := range l.Manifests {
		all = append(all, entry.fact("entry"), entry.Platform.fact())
	}
	return all, nil
}

type savedImages []struct {
	Config       string
	RepoTags     []string
	Layers       []string
	Parent       string                      `json:",omitempty"`
	LayerSources map[string]dockerDescriptor `json:",omitempty"`
}

func (s savedImages) facts() ([][]string, error) {
	var all [][]string
	for _, image := range s {
		all = append(all, fact("config", image.Config), fact("tags", image.RepoTags...), fact("layers", image.Layers...))
	}
	return all, nil
}
