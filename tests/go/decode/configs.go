package main

import (
	"encoding/json"
	"strings"
	"time"
)

type rootFS struct {
	Type    string   `json:"type"`
	DiffIDs []string `json:"diff_ids"`
}

type history struct {
	Created    *time.Time `json:"created,omitempty"`
	CreatedBy  string     `json:"created_by,omitempty"`
	Author     string     `json:"author,omitempty"`
	Comment    string     `json:"comment,omitempty"`
	EmptyLayer bool       `json:"empty_layer,omitempty"`
}

type ociExecution struct {
	User         string              `json:"User,omitempty"`
	ExposedPorts map[string]struct{} `json:"ExposedPorts,omitempty"`
	Env          []string            `json:"Env,omitempty"`
	Entrypoint   []string            `json:"Entrypoint,omitempty"`
	Cmd          []string            `json:"Cmd,omitempty"`
	Volumes      map[string]struct{} `json:"Volumes,omitempty"`
	WorkingDir   string              `json:"WorkingDir,omitempty"`
	Labels       map[string]string   `json:"Labels,omitempty"`
	StopSignal   string              `json:"StopSignal,omitempty"`
	ArgsEscaped  bool                `json:"ArgsEscaped,omitempty"`
}

type ociConfig struct {
	Created *time.Time `json:"created,omitempty"`
	Author  string     `json:"author,omitempty"`
	platform
	Config  ociExecution `json:"config,omitempty"`
	RootFS  rootFS       `json:"rootfs"`
	History []history    `json:"history,omitempty"`
}

// Words is a list of strings, or one string as Docker once wrote it.
type words []string

func (w *words) UnmarshalJSON(text []byte) error {
	if len(text) == 0 {
		return nil
	}
	list := make([]string, 0, 1)
	if err := json.Unmarshal(text, &list); err != nil {
		var one string
		if err := json.Unmarshal(text, &one); err != nil {
			return err
		}
		list = append(list, one)
	}
	*w = list
	return nil
}

type dockerExecution struct {
	Hostname     string
	Domainname   string
	User         string
	AttachStdin  bool
	AttachStdout bool
	AttachStderr bool
	ExposedPorts map[string]struct{} `json:",omitempty"`
	Tty          bool
	OpenStdin    bool
	StdinOnce    bool
	Env          []string
	Cmd          words
	Healthcheck  *struct {
		Test        []string      `json:",omitempty"`
		Interval    time.Duration `json:",omitempty"`
		Timeout     time.Duration `json:",omitempty"`
		StartPeriod time.Duration `json:",omitempty"`
		Retries     int           `json:",omitempty"`
	} `json:",omitempty"`
	ArgsEscaped     bool `json:",omitempty"`
	Image           string
	Volumes         map[string]struct{}
	WorkingDir      string
	Entrypoint      words
	NetworkDisabled bool   `json:",omitempty"`
	MacAddress      string `json:",omitempty"`
	OnBuild         []string
	Labels          map[string]string
	StopSignal      string `json:",omitempty"`
	StopTimeout     *int   `json:",omitempty"`
	Shell           words  `json:",omitempty"`
}

type dockerV1 struct {
	ID              string           `json:"id,omitempty"`
	Parent          string           `json:"parent,omitempty"`
	Comment         string           `json:"comment,omitempty"`
	Created         *time.Time       `json:"created"`
	Container       string           `json:"container,omitempty"`
	ContainerConfig dockerExecution  `json:"container_config,omitempty"`
	DockerVersion   string           `json:"docker_version,omitempty"`
	Author          string           `json:"author,omitempty"`
	Config          *dockerExecution `json:"config,omitempty"`
	Architecture    string           `json:"architecture,omitempty"`
	Variant         string           `json:"variant,omitempty"`
	OS              string           `json:"os,omitempty"`
	Size            int64            `json:",omitempty"`
}

type dockerConfig struct {
	dockerV1
	RootFS     *rootFS   `json:"rootfs,omitempty"`
	History    []history `json:"history,omitempty"`
	OSVersion  string    `json:"os.version,omitempty"`
	OSFeatures []string  `json:"os.features,omitempty"`
}

func rest(author string, rootfs rootFS, lines []history) [][]string {
	all := [][]string{fact("author", author), fact("diff_ids", rootfs.DiffIDs...)}
	for _, line := range lines {
		empty := "layer"
		if line.EmptyLayer {
			empty = "empty"
		}
		all = append(all, fact("history", line.CreatedBy, line.Author, line.Comment, empty))
	}
	return all
}

func (c ociConfig) facts() ([][]string, error) {
	run := c.Config
	all := [][]string{
		c.platform.fact(), fact("User", run.User), fact("Env", run.Env...), fact("Entrypoint", run.Entrypoint...),
		fact("Cmd", run.Cmd...), fact("WorkingDir", run.WorkingDir), fact("StopSignal", run.StopSignal),
		fact("ExposedPorts", keys(run.ExposedPorts)...), fact("Volumes", keys(run.Volumes)...),
		fact("Labels", pairs(run.Labels)...),
	}
	return append(all, rest(c.Author, c.RootFS, c.History)...), nil
}

func (c dockerConfig) facts() ([][]string, error) {
	var run dockerExecution
	if c.Config != nil {
		run = *c.Config
	}
	var rootfs rootFS
	if c.RootFS != nil {
		rootfs = *c.RootFS
	}
	of := platform{c.Architecture, c.OS, c.OSVersion, c.OSFeatures, c.Variant}
	all := [][]string{
		of.fact(), fact("User", run.User), fact("Env", run.Env...), fact("Entrypoint", run.Entrypoint...),
		fact("Cmd", run.Cmd...), fact("WorkingDir", run.WorkingDir), fact("StopSignal", run.StopSignal),
		fact("ExposedPorts", keys(run.ExposedPorts)...), fact("Volumes", keys(run.Volumes)...),
		fact("Labels", pairs(run.Labels)...),
	}
	return append(all, rest(c.Author, rootfs, c.History)...), nil
}

// Schema1 is Docker's first manifest, the newest layer first.
type schema1 struct {
	versioned
	Name         string `json:"name"`
	Tag          string `json:"tag"`
	Architecture string `json:"architecture"`
	FSLayers     []struct {
		BlobSum string `json:"blobSum"`
	} `json:"fsLayers"`
	History []struct {
		V1Compatibility string `json:"v1Compatibility"`
	} `json:"history"`
}

func (m schema1) facts() ([][]string, error) {
	all := [][]string{fact("name", m.Name), fact("tag", m.Tag), fact("architecture", m.Architecture)}
	for _, layer := range m.FSLayers {
		all = append(all, fact("layer", layer.BlobSum))
	}
	for _, line := range m.History {
		var image struct {
			dockerV1
			Throwaway bool `json:"throwaway,omitempty"`
		}
		if err := json.Unmarshal([]byte(line.V1Compatibility), &image); err != nil {
			return nil, err
		}
		empty := "layer"
		if image.Throwaway {
			empty = "empty"
		}
		all = append(all, fact("history", strings.Join(image.ContainerConfig.Cmd, " "), image.Author, image.Comment, empty))
	}
	return all, nil
}
