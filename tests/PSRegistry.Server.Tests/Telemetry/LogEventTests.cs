using System.Reflection;
using Microsoft.Extensions.Logging;

namespace PSRegistry.Server.Tests.Telemetry;

/// <summary>The numbers by which a program tells one message from another.</summary>
public sealed class LogEventTests
{
    [Fact]
    public void Every_message_has_a_number_of_its_own()
    {
        const BindingFlags Any = BindingFlags.Static | BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;
        var messages = typeof(RegistryServer).Assembly.GetTypes()
            .SelectMany(type => type.GetMethods(Any))
            .Select(method => (Name: $"{method.DeclaringType!.FullName}.{method.Name}", method.GetCustomAttribute<LoggerMessageAttribute>()?.EventId))
            .Where(message => message.EventId is not null)
            .ToList();
        Assert.True(messages.Count > 40);
        Assert.Empty(messages.GroupBy(message => message.EventId).Where(group => group.Count() > 1).Select(group => $"{group.Key}: {string.Join(", ", group.Select(message => message.Name))}"));
    }
}
