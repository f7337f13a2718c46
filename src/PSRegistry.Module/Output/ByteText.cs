using System.Globalization;

namespace PSRegistry.Output;

/// <summary>Amounts of bytes as people read them.</summary>
internal static class ByteText
{
    private const double Kibibyte = 1024, Mebibyte = Kibibyte * 1024, Gibibyte = Mebibyte * 1024;

    /// <summary>The amount in the unit that suits it: <c>66.8 MiB</c>.</summary>
    public static string Of(long bytes) => bytes switch
    {
        < 1024 => $"{bytes} bytes",
        < (long)Mebibyte => string.Create(CultureInfo.InvariantCulture, $"{bytes / Kibibyte:0.0} KiB"),
        < (long)Gibibyte => string.Create(CultureInfo.InvariantCulture, $"{bytes / Mebibyte:0.0} MiB"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{bytes / Gibibyte:0.0} GiB"),
    };
}
