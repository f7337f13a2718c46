using System.Text;

namespace PSRegistry.Server.Configuration;

/// <summary>Prints an effective configuration.</summary>
public static class EffectiveYaml
{
    /// <summary>
    /// The keys as a config.yml with the origin of each value behind it. Hidden values are commented out, so that nobody takes
    /// the placeholder for a password.
    /// </summary>
    /// <param name="keys">The keys, as <see cref="ConfigurationResult.Effective"/> lists them.</param>
    public static string Write(IEnumerable<EffectiveKey> keys)
    {
        ArgumentNullException.ThrowIfNull(keys);
        var yaml = new StringBuilder();
        IReadOnlyList<string> open = [];
        var beginsItem = false;
        foreach (var key in keys)
        {
            var shared = open.Zip(key.Parts, string.Equals).TakeWhile(same => same).Count();
            for (var depth = shared; depth < key.Parts.Length; depth++)
            {
                if (key.Parts[depth].StartsWith('['))
                {
                    beginsItem = true;
                    continue;
                }
                var isLeaf = depth == key.Parts.Length - 1;
                var isComment = isLeaf && key.IsHidden;
                yaml.Append(' ', (beginsItem ? depth - 1 : depth) * 2);
                if (beginsItem)
                    yaml.Append(isComment ? "  " : "- ");
                yaml.Append(isComment ? "# " : "").Append(FlowYaml.Text(key.Parts[depth])).Append(':');
                if (isLeaf)
                    yaml.Append(' ').Append(key.Value ?? "(hidden)").Append("  # ").Append(key.Origin);
                yaml.Append('\n');
                beginsItem &= isComment;
            }
            open = key.Parts;
        }
        return yaml.ToString();
    }
}
