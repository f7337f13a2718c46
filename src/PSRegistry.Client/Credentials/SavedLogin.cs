namespace PSRegistry.Client;

/// <summary>Where a login is kept from now on.</summary>
/// <param name="Store">The file, or the helper program.</param>
/// <param name="IsPlainText">Whether it can be read there: docker's file encodes it, and does not encrypt it.</param>
public sealed record SavedLogin(string Store, bool IsPlainText);
