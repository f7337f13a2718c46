using System.Management.Automation;
using System.Security;

namespace PSRegistry.ModuleTests;

internal static class Logins
{
    public static PSCredential Of(string user, string password)
    {
        var secure = new SecureString();
        foreach (var letter in password)
            secure.AppendChar(letter);
        return new(user, secure);
    }
}
