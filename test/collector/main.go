// A small OpenTelemetry Collector for the tests: the project's own code with what packaging/otel-collector/config.yaml uses, and an
// exporter that appends what arrived to a file as OTLP JSON, one request a line.
package main

import (
	"context"
	"log"
	"os"
	"sync"

	"github.com/open-telemetry/opentelemetry-collector-contrib/processor/deltatocumulativeprocessor"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/confmap"
	"go.opentelemetry.io/collector/confmap/provider/envprovider"
	"go.opentelemetry.io/collector/confmap/provider/fileprovider"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/exporter/otlphttpexporter"
	"go.opentelemetry.io/collector/otelcol"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	"go.opentelemetry.io/collector/processor"
	"go.opentelemetry.io/collector/processor/batchprocessor"
	"go.opentelemetry.io/collector/receiver"
	"go.opentelemetry.io/collector/receiver/otlpreceiver"
	"go.opentelemetry.io/collector/service/telemetry/otelconftelemetry"
)

func main() {
	settings := otelcol.CollectorSettings{
		BuildInfo: component.BuildInfo{Command: "otelcol", Description: "receives OTLP, writes a file", Version: "0.0.0"},
		Factories: factories,
		ConfigProviderSettings: otelcol.ConfigProviderSettings{
			ResolverSettings: confmap.ResolverSettings{
				DefaultScheme:     "env",
				ProviderFactories: []confmap.ProviderFactory{fileprovider.NewFactory(), envprovider.NewFactory()},
			},
		},
	}
	if err := otelcol.NewCommand(settings).Execute(); err != nil {
		log.Fatal(err)
	}
}

func factories() (otelcol.Factories, error) {
	receivers, err := otelcol.MakeFactoryMap[receiver.Factory](otlpreceiver.NewFactory())
	if err != nil {
		return otelcol.Factories{}, err
	}
	exporters, err := otelcol.MakeFactoryMap[exporter.Factory](fileExporter(), otlphttpexporter.NewFactory())
	if err != nil {
		return otelcol.Factories{}, err
	}
	processors, err := otelcol.MakeFactoryMap[processor.Factory](batchprocessor.NewFactory(), deltatocumulativeprocessor.NewFactory())
	if err != nil {
		return otelcol.Factories{}, err
	}
	return otelcol.Factories{
		Receivers:  receivers,
		Processors: processors,
		Exporters:  exporters,
		Telemetry:  otelconftelemetry.NewFactory(),
	}, nil
}

type fileConfig struct {
	Path string `mapstructure:"path"`
}

func fileExporter() exporter.Factory {
	newConfig := func() component.Config { return &fileConfig{} }
	stability := component.StabilityLevelDevelopment
	return exporter.NewFactory(component.MustNewType("file"), newConfig,
		exporter.WithTraces(func(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Traces, error) {
			return exporterhelper.NewTraces(ctx, set, c, func(_ context.Context, data ptrace.Traces) error {
				return appendLine(c)((&ptrace.JSONMarshaler{}).MarshalTraces(data))
			})
		}, stability),
		exporter.WithMetrics(func(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Metrics, error) {
			return exporterhelper.NewMetrics(ctx, set, c, func(_ context.Context, data pmetric.Metrics) error {
				return appendLine(c)((&pmetric.JSONMarshaler{}).MarshalMetrics(data))
			})
		}, stability),
		exporter.WithLogs(func(ctx context.Context, set exporter.Settings, c component.Config) (exporter.Logs, error) {
			return exporterhelper.NewLogs(ctx, set, c, func(_ context.Context, data plog.Logs) error {
				return appendLine(c)((&plog.JSONMarshaler{}).MarshalLogs(data))
			})
		}, stability))
}

var writing sync.Mutex

func appendLine(config component.Config) func([]byte, error) error {
	return func(line []byte, err error) error {
		if err != nil {
			return err
		}
		writing.Lock()
		defer writing.Unlock()
		file, err := os.OpenFile(config.(*fileConfig).Path, os.O_APPEND|os.O_CREATE|os.O_WRONLY, 0o600)
		if err != nil {
			return err
		}
		defer file.Close()
		_, err = file.Write(append(line, '\n'))
		return err
	}
}
