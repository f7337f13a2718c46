using System.Reflection;

namespace PSRegistry.Help;

/// <summary>The parameters that the engine adds to a cmdlet which changes something.</summary>
internal static class CommonParameter
{
    public static IEnumerable<CmdletParameter> Of(CustomAttributeData cmdlet) => cmdlet.Named("SupportsShouldProcess") is true
        ? [Switch("WhatIf", "wi", "Shows what would be done, and does nothing."), Switch("Confirm", "cf", "Asks before it is done.")]
        : [];

    private static CmdletParameter Switch(string name, string alias, string text) => new(name, "SwitchParameter", text, "")
    {
        Bindings = [new CmdletBinding(CmdletBinding.AllSets, IsMandatory: false, Position: null, "False")],
        Aliases = [alias],
        Values = [],
    };
}
