namespace PSRegistry.Server.Notifications;

/// <summary>What can happen to content, by the original's names.</summary>
internal static class EventActions
{
    public const string Pull = "pull", Push = "push", Mount = "mount", Delete = "delete";

    public static IReadOnlyList<string> All { get; } = [Pull, Push, Mount, Delete];
}
