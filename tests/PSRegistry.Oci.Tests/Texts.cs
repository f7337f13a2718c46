using CsCheck;

namespace PSRegistry.Oci.Tests;

/// <summary>Texts to parse: noise, good ones, and good ones with one character too many, too few or another.</summary>
internal static class Texts
{
    private const string Noise = "aZ09_-./:@= \\\n\0é%~";

    public static Gen<string> Around(Gen<string> valid, string alphabet) =>
        Gen.Frequency((3, valid), (4, Mutated(valid, alphabet)), (2, Gen.String[Gen.Char[alphabet], 0, 40]), (1, Gen.String));

    public static Gen<string> Of(string alphabet, int least, int most) => Gen.String[Gen.Char[alphabet], least, most];

    private static Gen<string> Mutated(Gen<string> valid, string alphabet) =>
        Gen.Select(valid, Gen.Int[0, 100_000], Gen.Int[0, 2], Gen.Char[alphabet + Noise], (text, at, kind, character) =>
        {
            var place = at % (text.Length + 1);
            return kind switch
            {
                0 => text.Insert(place, character.ToString()),
                1 when place < text.Length => text.Remove(place, 1),
                2 when place < text.Length => text[..place] + character + text[(place + 1)..],
                _ => text + character,
            };
        });
}
