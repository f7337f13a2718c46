namespace PSRegistry.Server.Configuration;

/// <summary>One line of the key table: a key, or several of the same kind and state.</summary>
/// <param name="Pattern">
/// The path: <c>a.b</c>; <c>a.{b,c}</c> for several keys; <c>a[].b</c> inside the items of a list; <c>a|x</c> where the original's
/// environment variables say <c>X</c> instead of <c>A</c>.
/// </param>
/// <param name="Kind">What the value is.</param>
/// <param name="State">What this version does with it; null: as the key above says.</param>
internal sealed record KeyRow(string Pattern, KeyKind Kind, KeyState? State = null)
{
    /// <summary>What an operator can do instead, for a key that is not supported.</summary>
    public string? Remedy { get; init; }

    /// <summary>The key inside the section that alone turns it on, as <c>remoteurl</c> does for <c>proxy</c>.</summary>
    public string? TurnedOnBy { get; init; }

    /// <summary>Whether an unknown key inside is an error even when not strict.</summary>
    public bool RefusesUnknown { get; init; }

    /// <summary>Whether a key that is misspelt by a letter is an error, because passing it over would leave the registry open.</summary>
    public bool Protects { get; init; }

    /// <summary>Whether a new value counts while the registry runs; null: as the key above says, and where none says, it needs a restart.</summary>
    public bool? Live { get; init; }
}

/// <summary>What the value of a key is.</summary>
internal enum KeyKind
{
    /// <summary>A map of known keys.</summary>
    Section,

    /// <summary>A map with one <see cref="Choice"/> at most (and companions), or the name of that choice as a text.</summary>
    OneOf,

    /// <summary>A section that is chosen by being there, even when it is empty.</summary>
    Choice,

    /// <summary>A list of sections.</summary>
    List,

    /// <summary>A single value, taken as it is written.</summary>
    Text,

    /// <summary>true, false and YAML 1.1's other words for them.</summary>
    Flag,

    /// <summary>A whole number.</summary>
    Integer,

    /// <summary>A Go duration, or a number of nanoseconds.</summary>
    Duration,

    /// <summary>A Go duration with its unit: the original takes no bare number here.</summary>
    DurationText,

    /// <summary>A list of single values.</summary>
    TextList,

    /// <summary>Names of the operator's choice, each with a value.</summary>
    TextMap,

    /// <summary>Header names, each with a list of values.</summary>
    HeaderMap,

    /// <summary>Names of the operator's choice, each with a list of values.</summary>
    NameMap,

    /// <summary>A single value whose type its future reader checks.</summary>
    Any,

    /// <summary>Anything, also maps with keys that nobody here knows.</summary>
    FreeForm,
}

/// <summary>What this version does with a key.</summary>
internal enum KeyState
{
    /// <summary>What the original does with it.</summary>
    Supported,

    /// <summary>Not yet; it protects, locates or changes data, so the registry must not start without it.</summary>
    NotYetProtecting,

    /// <summary>Not yet; it only tunes or observes, so the registry starts and says so.</summary>
    NotYetTuning,

    /// <summary>Obeyed, but another key should be used.</summary>
    Deprecated,
}
