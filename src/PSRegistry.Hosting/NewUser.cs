using System.Text;

namespace PSRegistry.Hosting;

/// <summary>A user that the server made at its start. The password is kept nowhere else: show it once, and never log it.</summary>
/// <param name="Name">The user.</param>
/// <param name="Password">The password.</param>
public sealed record NewUser(string Name, string Password)
{
    private bool PrintMembers(StringBuilder builder)
    {
        builder.Append("Name = ").Append(Name);
        return true;
    }
}
