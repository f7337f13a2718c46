using System.Buffers;
using System.Text.Json;

namespace PSRegistry.Client;

/// <summary>One page of a list.</summary>
/// <param name="Names">The names in it.</param>
/// <param name="Link">Where the next page is, as the server wrote it; null for the last.</param>
internal sealed record NamePage<T>(IReadOnlyList<T> Names, string? Link)
    where T : ISpanParsable<T>
{
    private const int LongestPage = 32 * 1024 * 1024;

    /// <summary>What is between two delimiters must fit into memory whole, and is read anew as it grows.</summary>
    private const int LongestText = 1024 * 1024;

    /// <summary>Reads a page of the names under <paramref name="property"/>.</summary>
    /// <exception cref="RegistryRequestException">The answer is no such page.</exception>
    public static async ValueTask<NamePage<T>> ReadAsync(
        string property, Answer answer, RegistryTransport transport, CancellationToken cancellationToken)
    {
        var parser = new NameParser<T>(property);
        var buffer = ArrayPool<byte>.Shared.Rent(16 * 1024);
        try
        {
            for (int kept = 0, total = 0; ;)
            {
                var read = await answer.ReadAsync(buffer.AsMemory(kept), cancellationToken);
                if (total == 0 && !LooksLikeObject(buffer.AsSpan(0, read)))
                    throw transport.Refusals.NotARegistry(answer);
                if ((total += read) > LongestPage)
                    throw new FormatException($"it is longer than {LongestPage / (1024 * 1024)} MiB");
                kept += read;
                var used = parser.Read(buffer.AsSpan(0, kept), isLast: read == 0);
                if (read == 0)
                    break;
                buffer.AsSpan(used, kept - used).CopyTo(buffer);
                kept -= used;
                if (kept == buffer.Length)
                    buffer = Grown(buffer);
            }
            if (!parser.IsComplete)
                throw new FormatException($"it has no \"{property}\"");
            return new NamePage<T>(parser.Names, LinkHeader.Next(answer.Header("Link")));
        }
        catch (Exception fault) when (fault is JsonException or FormatException)
        {
            var reason = fault is JsonException ? "it is not well-formed JSON" : fault.Message;
            var who = transport.Faults.Who(answer.Uri);
            throw transport.Faults.New(RegistryFailure.ProtocolFault, answer, $"{who} answers with a list that cannot be used: {reason}.");
        }
        finally
        {
            ArrayPool<byte>.Shared.Return(buffer);
        }
    }

    private static bool LooksLikeObject(ReadOnlySpan<byte> start) => start.TrimStart(" \t\r\n"u8) is [(byte)'{', ..];

    private static byte[] Grown(byte[] buffer)
    {
        if (buffer.Length >= LongestText)
            throw new FormatException("it has a text longer than 1 MiB");
        var grown = ArrayPool<byte>.Shared.Rent(buffer.Length * 2);
        buffer.CopyTo(grown, 0);
        ArrayPool<byte>.Shared.Return(buffer);
        return grown;
    }
}
