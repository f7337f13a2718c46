using System.Diagnostics.CodeAnalysis;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Spends bcrypt's time on threads that are counted: half of the processors compute and the others go on serving, a few logins
/// wait, and the rest are told to come back. So a flood of wrong passwords slows logins, and nothing else.
/// </summary>
[SuppressMessage("Reliability", "CA1001", Justification = "The semaphore holds nothing of the system's, and a login may be under way when its server is gone.")]
internal sealed class PasswordCheck
{
    private const int MayWait = 64;

    private readonly SemaphoreSlim _slots = new(Math.Max(1, Environment.ProcessorCount / 2));
    private int _present;

    /// <summary>Whether the login is right; null when too many are being checked.</summary>
    /// <param name="entry">The user; null for one that is not there, who costs the same time.</param>
    /// <param name="standIn">What to spend that time on.</param>
    /// <param name="credentials">What was sent.</param>
    /// <param name="cancellationToken">The client is gone.</param>
    public async Task<bool?> VerifyAsync(HtpasswdEntry? entry, BcryptHash standIn, BasicCredentials credentials, CancellationToken cancellationToken)
    {
        try
        {
            if (Interlocked.Increment(ref _present) > MayWait)
                return null;
            await _slots.WaitAsync(cancellationToken);
            try
            {
                // Several requests of one client come at once; while this one waited, another may have done the work.
                if (entry is not null && entry.Remembers(credentials))
                    return true;
                var password = credentials.Password;
                var isRight = await Task.Run(() => (entry?.Hash ?? standIn).Verify(password), CancellationToken.None);
                if (entry is null || !isRight)
                    return false;
                entry.Remember(credentials);
                return true;
            }
            finally
            {
                _slots.Release();
            }
        }
        finally
        {
            Interlocked.Decrement(ref _present);
        }
    }
}
