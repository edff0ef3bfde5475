package main

import (
	"context"

	"github.com/compose-spec/compose-go/v2/loader"
	"github.com/compose-spec/compose-go/v2/types"
)

// Checks the file against the Compose Specification's schema, interpolates and normalizes it, as docker compose config does.
func validateCompose(ctx context.Context, file string, text []byte) error {
	_, err := loader.LoadWithContext(ctx, types.ConfigDetails{
		WorkingDir:  "/",
		ConfigFiles: []types.ConfigFile{{Filename: file, Content: text}},
		Environment: types.Mapping{},
	}, func(options *loader.Options) { options.SetProjectName("validated", true) })
	return err
}
