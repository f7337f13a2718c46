namespace PSRegistry.Services;

/// <summary>Why a service cannot be registered, removed or looked at.</summary>
internal enum ServiceFailure
{
    /// <summary>Its name or a value of it cannot be written down.</summary>
    InvalidValue,

    /// <summary>It could not work as it is meant to be.</summary>
    Unworkable,

    /// <summary>There is one of that name.</summary>
    Exists,

    /// <summary>There is none of that name.</summary>
    NotFound,

    /// <summary>There is no program to run.</summary>
    NoProgram,

    /// <summary>The files or the service manager do not let this user.</summary>
    Denied,

    /// <summary>The service manager refused.</summary>
    Refused,

    /// <summary>This system has no service manager that is known here.</summary>
    Unsupported,
}

/// <summary>A service cannot be registered, removed or looked at. The message is a sentence for the user, and holds no value of a variable.</summary>
public sealed class ServiceException : Exception
{
    internal ServiceException(ServiceFailure failure, string message, string? advice = null, Exception? innerException = null)
        : base(message, innerException)
    {
        Failure = failure;
        Advice = advice;
    }

    /// <summary>There is none of that name that is ours.</summary>
    internal static ServiceException NotRegistered(string name, string? advice = null) => new(ServiceFailure.NotFound, $"Register-RegistryService has registered no service {name} here.", advice);

    /// <summary>What is in the way.</summary>
    internal ServiceFailure Failure { get; }

    /// <summary>The next thing to do; null where the message tells it.</summary>
    internal string? Advice { get; }
}
