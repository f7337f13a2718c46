using PSRegistry.Oci;

namespace PSRegistry.Client;

/// <summary>
/// A request that a registry did not answer as asked. The message is a sentence for its user: the thing, the reason and, where it is known
/// here, the remedy. What it repeats of the server's words is cleaned and cut; it never holds a credential or a token.
/// </summary>
public sealed class RegistryRequestException : Exception
{
    internal RegistryRequestException(RegistryFailure failure, string message, Exception? innerException = null)
        : base(message, innerException) => Failure = failure;

    /// <summary>What kind of failure.</summary>
    public RegistryFailure Failure { get; }

    /// <summary>The registry, as <see cref="RegistryAddress.Authority"/> writes it.</summary>
    public required string Registry { get; init; }

    /// <summary>The HTTP method.</summary>
    public required string Method { get; init; }

    /// <summary>What was asked, without its query: signed URLs carry secrets there. It may be a token service or the target of a redirect.</summary>
    public required Uri RequestUri { get; init; }

    /// <summary>The HTTP status; null when there was no answer.</summary>
    public int? Status { get; init; }

    /// <summary>The errors that the registry names in its answer; empty when it names none.</summary>
    public IReadOnlyList<RegistryError> Errors { get; init; } = [];

    /// <summary>How the server asks for a login; null when it does not.</summary>
    public AuthenticationChallenge? Challenge { get; init; }

    /// <summary>How long the server asks to wait; null when it does not say.</summary>
    public TimeSpan? RetryAfter { get; init; }
}
