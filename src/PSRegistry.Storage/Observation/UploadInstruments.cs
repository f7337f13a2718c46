using System.Diagnostics.Metrics;

namespace PSRegistry.Storage;

/// <summary>What is measured of uploads.</summary>
internal static class UploadInstruments
{
    public static void Add(Meter meter, UploadLeases uploads) => meter.CreateObservableUpDownCounter(
        "registry.storage.uploads.open",
        () =>
        {
            var (held, waiting) = uploads.Count();
            return new[] { new Measurement<long>(held, State("receiving")), new Measurement<long>(waiting, State("waiting")) };
        },
        "{upload}",
        "Uploads that a request holds, and those begun here that wait for their next request");

    private static KeyValuePair<string, object?> State(string state) => new("state", state);
}
