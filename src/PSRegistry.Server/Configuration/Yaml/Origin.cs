using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>Where a key or a value was written.</summary>
/// <param name="Source">A file or a variable.</param>
/// <param name="Line">The line of the file, from 1; null for a variable, whose name says enough.</param>
internal sealed record Origin(string Source, long? Line = null)
{
    public override string ToString() =>
        Line is { } line ? string.Create(CultureInfo.InvariantCulture, $"{Source}:{line}") : Source;
}
