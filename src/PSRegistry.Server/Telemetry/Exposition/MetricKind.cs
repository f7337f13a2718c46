using System.Diagnostics.Metrics;

namespace PSRegistry.Server.Telemetry;

/// <summary>What Prometheus takes an instrument for.</summary>
internal enum MetricKind
{
    /// <summary>Only grows.</summary>
    Counter,

    /// <summary>A value of the moment.</summary>
    Gauge,

    /// <summary>Counts values by how large they are.</summary>
    Histogram,
}

/// <summary>Finds the kind of an instrument.</summary>
internal static class MetricKinds
{
    /// <summary>The kind; an instrument that moves both ways is a gauge.</summary>
    public static MetricKind Of(Instrument instrument)
    {
        var type = instrument.GetType();
        var form = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        if (form == typeof(Counter<>) || form == typeof(ObservableCounter<>))
            return MetricKind.Counter;
        return form == typeof(Histogram<>) ? MetricKind.Histogram : MetricKind.Gauge;
    }

    /// <summary>Whether each measurement of it is a change, to be added to what was before.</summary>
    public static bool IsAddedUp(Instrument instrument)
    {
        var type = instrument.GetType();
        var form = type.IsGenericType ? type.GetGenericTypeDefinition() : type;
        return form == typeof(Counter<>) || form == typeof(UpDownCounter<>);
    }
}
