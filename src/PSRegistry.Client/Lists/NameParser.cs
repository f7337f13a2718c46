using System.Text;
using System.Text.Json;

namespace PSRegistry.Client;

/// <summary>Takes the names out of <c>{"tags": ["a", "b"], ...}</c> as the bytes arrive; what else is in the object is skipped.</summary>
/// <typeparam name="T">Repository name or tag.</typeparam>
internal sealed class NameParser<T>(string property)
    where T : ISpanParsable<T>
{
    /// <summary>Where paging is ignored all names come at once; a million of them is more than anyone lists.</summary>
    private const int MostNames = 1_000_000;

    private readonly byte[] _property = Encoding.UTF8.GetBytes(property);
    private JsonReaderState _state;
    private Place _place = Place.Start;
    private bool _found;

    private enum Place
    {
        Start,
        Object,
        Names,
        List,
    }

    /// <summary>What was found so far.</summary>
    public List<T> Names { get; } = [];

    /// <summary>Whether the property was there.</summary>
    public bool IsComplete => _found && _place == Place.Object;

    /// <summary>Reads on; how many bytes were used up.</summary>
    /// <exception cref="JsonException">The bytes are not JSON.</exception>
    /// <exception cref="FormatException">The JSON is not a list of names; the message ends a sentence.</exception>
    public int Read(ReadOnlySpan<byte> bytes, bool isLast)
    {
        var json = new Utf8JsonReader(bytes, isLast, _state);
        while (json.Read())
            Take(ref json);
        _state = json.CurrentState;
        return (int)json.BytesConsumed;
    }

    private void Take(ref Utf8JsonReader json)
    {
        _place = (_place, json.TokenType) switch
        {
            (Place.Start, JsonTokenType.StartObject) => Place.Object,
            (Place.Start, _) => throw new FormatException("it is no object"),
            (Place.Object, JsonTokenType.PropertyName) when json.CurrentDepth == 1 && json.ValueTextEquals(_property) => Place.Names,
            (Place.Object, _) => Place.Object,
            (Place.Names, JsonTokenType.Null) => Found(Place.Object),
            (Place.Names, JsonTokenType.StartArray) => Found(Place.List),
            (Place.List, JsonTokenType.String) => Add(ref json),
            (Place.List, JsonTokenType.EndArray) => Place.Object,
            _ => throw new FormatException($"\"{property}\" is no list of names"),
        };
    }

    private Place Found(Place next)
    {
        _found = true;
        return next;
    }

    private Place Add(ref Utf8JsonReader json)
    {
        const int LongestEscaped = 255 * 6;
        if (Names.Count == MostNames)
            throw new FormatException($"it has more than {MostNames} names");
        Span<char> text = stackalloc char[LongestEscaped];
        if (json.ValueSpan.Length > LongestEscaped)
            throw Unusable(Encoding.UTF8.GetString(json.ValueSpan[..100]));
        text = text[..Copy(ref json, text)];
        if (!T.TryParse(text, null, out var name))
            throw Unusable(text.ToString());
        Names.Add(name);
        return Place.List;
    }

    private static int Copy(ref Utf8JsonReader json, scoped Span<char> text)
    {
        try
        {
            return json.CopyString(text);
        }
        catch (InvalidOperationException fault)
        {
            throw new JsonException("A string is not UTF-8.", fault);
        }
    }

    private static FormatException Unusable(string name) => new($"'{ServerText.Clean(name, 100)}' is no valid name in it");
}
