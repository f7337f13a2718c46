using System.Collections;
using System.Globalization;
using System.Management.Automation;

namespace PSRegistry.Services;

/// <summary>Variables of a service as a user gives them: @{}, [ordered]@{}, or a dictionary of .NET.</summary>
internal static class GivenVariables
{
    /// <summary>Names and values as text.</summary>
    /// <exception cref="ServiceException">One of them is not to be said as text, or a name is there twice. No value is told.</exception>
    public static Dictionary<string, string> Read(IDictionary given)
    {
        var variables = new Dictionary<string, string>(StringComparer.Ordinal);
        // The enumerator of dictionaries: the other one gives entries of another type where the dictionary is generic.
        foreach (DictionaryEntry entry in given)
        {
            var name = Text(entry.Key) ?? throw Fault($"the name of a variable is of the type {TypeOf(entry.Key)}");
            if (!variables.TryAdd(name, Text(entry.Value) ?? throw Fault($"the value of {name} is of the type {TypeOf(entry.Value)}")))
                throw Fault($"{name} is there twice");
        }
        return variables;
    }

    /// <summary>Null for what would be the name of a type as text.</summary>
    private static string? Text(object? value) => Plain(value) switch
    {
        null => "",
        string text => text,
        IEnumerable => null,
        IFormattable or bool or Uri => Convert.ToString(Plain(value), CultureInfo.InvariantCulture),
        _ => null,
    };

    private static object? Plain(object? value) => value is PSObject wrapped ? wrapped.BaseObject : value;

    private static string? TypeOf(object? value) => Plain(value)?.GetType().Name;

    private static ServiceException Fault(string what) => new(ServiceFailure.InvalidValue, $"-Environment: {what}. A variable of a service is text under a name of its own.");
}
