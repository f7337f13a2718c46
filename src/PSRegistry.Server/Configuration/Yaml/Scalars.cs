using System.Globalization;

namespace PSRegistry.Server.Configuration;

/// <summary>Reads typed values out of scalars as the original's YAML library does.</summary>
internal static class Scalars
{
    public static bool TryInteger(ConfigurationNode? value, out long number)
    {
        number = 0;
        if (value is not ScalarNode scalar) return false;
        if (scalar.Type is ScalarType.Integer) return GoInteger.TryParse(scalar.Text, out number);

        // 1e3 and 10.0 are whole numbers too; the original would cut 1.5 to 1, which nobody can mean.
        return scalar.Type is ScalarType.Real
            && decimal.TryParse(scalar.Text, NumberStyles.Float, CultureInfo.InvariantCulture, out var real)
            && decimal.IsInteger(real)
            && real is >= long.MinValue and <= long.MaxValue
            && (number = (long)real) == real;
    }

    public static bool TryDuration(ConfigurationNode? value, out TimeSpan duration)
    {
        duration = default;
        if (value is ScalarNode { Type: ScalarType.Text } text) return GoDuration.TryParse(text.Text, out duration);
        if (!TryInteger(value, out var nanoseconds)) return false;
        duration = GoDuration.FromNanoseconds(nanoseconds);
        return true;
    }

    public static bool TryBoolean(ConfigurationNode? value, out bool flag)
    {
        flag = false;
        return value is ScalarNode { Type: ScalarType.Boolean } scalar && ScalarTypes.TryBoolean(scalar.Text, out flag);
    }
}
