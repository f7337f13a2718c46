namespace PSRegistry.Server.Auth;

/// <summary>What can be done to a resource, by the names that challenges and tokens use.</summary>
[Flags]
internal enum AccessActions
{
    None = 0,

    /// <summary><c>pull</c></summary>
    Pull = 1,

    /// <summary><c>push</c></summary>
    Push = 2,

    /// <summary><c>delete</c></summary>
    Delete = 4,

    /// <summary><c>*</c>: everything, also what has no name here.</summary>
    Everything = Pull | Push | Delete | 8,
}
