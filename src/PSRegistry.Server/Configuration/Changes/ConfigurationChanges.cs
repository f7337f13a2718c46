namespace PSRegistry.Server.Configuration;

/// <summary>What a new reading of a configuration says otherwise than the one before. A default that is written out is no change.</summary>
internal sealed class ConfigurationChanges
{
    private const string Tls = "http.tls";

    private ConfigurationChanges(IReadOnlyList<ConfigurationChange> keys) => Keys = keys;

    /// <summary>The keys, each with where it is written; in the order of the key table.</summary>
    public IReadOnlyList<ConfigurationChange> Keys { get; }

    /// <summary>Whether there is more than what waits for a restart.</summary>
    public bool AreAnyLive => Keys.Any(key => !key.NeedsRestart);

    /// <param name="started">The configuration at the start: what needs a restart is told at every reading until there is one.</param>
    /// <param name="before">The configuration that counts.</param>
    /// <param name="after">The one that is to count.</param>
    public static ConfigurationChanges Between(MappingNode started, MappingNode before, MappingNode after)
    {
        // The listener was made with TLS or without; only how it speaks TLS can change.
        var turnsTls = SpeaksTls(started) != SpeaksTls(after);
        return new ConfigurationChanges(
        [
            .. Differences(started, after, turnsTls).Where(change => change.NeedsRestart),
            .. Differences(before, after, turnsTls).Where(change => !change.NeedsRestart),
        ]);
    }

    /// <summary>Whether anything that counts at once changed in a section.</summary>
    public bool Touch(string section) => Keys.Any(key => !key.NeedsRestart
        && key.KeyPath.StartsWith(section, StringComparison.Ordinal)
        && (key.KeyPath.Length == section.Length || key.KeyPath[section.Length] is '.' or '['));

    private static IEnumerable<ConfigurationChange> Differences(MappingNode before, MappingNode after, bool turnsTls)
    {
        var old = EffectiveKeys.Of(before, showHidden: true).ToDictionary(key => key.KeyPath, StringComparer.Ordinal);
        foreach (var key in EffectiveKeys.Of(after, showHidden: true))
        {
            if (!old.Remove(key.KeyPath, out var was) || was.Value != key.Value)
                yield return new ConfigurationChange(key.KeyPath, key.Origin, NeedsRestart(key, turnsTls));
        }
        foreach (var gone in old.Values)
            yield return new ConfigurationChange(gone.KeyPath, $"{gone.Origin} before", NeedsRestart(gone, turnsTls));
    }

    private static bool SpeaksTls(MappingNode tree) => (tree.Find("http") as MappingNode)?.Find("tls") is MappingNode;

    /// <summary>A key that nobody knows has no effect, neither now nor after a restart.</summary>
    private static bool NeedsRestart(EffectiveKey changed, bool turnsTls)
    {
        if (turnsTls && changed.KeyPath.StartsWith(Tls + ".", StringComparison.Ordinal))
            return true;
        var key = KeyTree.Root;
        foreach (var part in changed.Parts)
        {
            var next = part.StartsWith('[') ? key.Item : key.Child(part);
            if (next is null)
                break;
            key = next;
        }
        return key != KeyTree.Root && !key.IsLive;
    }
}
