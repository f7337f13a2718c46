namespace PSRegistry.Hosting;

/// <summary>A user of an htpasswd file. The hash stays in the file.</summary>
/// <param name="Name">The user.</param>
/// <param name="Cost">The binary logarithm of bcrypt's rounds; null where the hash is of a kind that lets nobody in.</param>
/// <param name="Remark">Why nobody can log in as this user; null when somebody can.</param>
public sealed record HtpasswdUser(string Name, int? Cost, string? Remark);

/// <summary>How setting a user's password went.</summary>
/// <param name="User">The user as the file has it now; null when it was refused.</param>
/// <param name="Refusal">Why the name or the password cannot be taken, as a sentence without the password; null when they were.</param>
public sealed record HtpasswdChange(HtpasswdUser? User, string? Refusal);
