using PSRegistry.Hosting;

namespace PSRegistry.Output;

/// <summary>A user of an htpasswd file. Binds by property name to every cmdlet that takes -Path and -User. The hash stays in the file.</summary>
public sealed class RegistryUser
{
    internal RegistryUser(HtpasswdUser user, string path)
    {
        User = user.Name;
        Cost = user.Cost;
        Remark = user.Remark;
        Path = path;
    }

    /// <summary>The user's name.</summary>
    public string User { get; }

    /// <summary>The kind of hash: <c>bcrypt</c>, or <c>not accepted</c>.</summary>
    public string Hash => Cost is null ? "not accepted" : "bcrypt";

    /// <summary>The binary logarithm of bcrypt's rounds; null where the hash is of another kind.</summary>
    public int? Cost { get; }

    /// <summary>Whether anybody can log in as this user.</summary>
    public bool CanLogIn => Remark is null;

    /// <summary>Why nobody can log in as this user, and what to do; null when somebody can.</summary>
    public string? Remark { get; }

    /// <summary>The file.</summary>
    public string Path { get; }

    /// <summary>The name.</summary>
    public override string ToString() => User;
}
