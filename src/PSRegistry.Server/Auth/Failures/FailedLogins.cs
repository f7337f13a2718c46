using System.Net;
using System.Runtime.InteropServices;

namespace PSRegistry.Server.Auth;

/// <summary>
/// Remembers who failed to log in lately: a user from one address, an address whatever the user, and a user whatever the address. Each may
/// fail a number of times at once and then once in a while; nobody has to wait for longer than that while. It takes the same room
/// however many there are.
/// </summary>
internal sealed class FailedLogins(TimeProvider clock)
{
    // An attacker can make many names and few addresses; the tables are as large as takes a day of bcrypt to fill.
    private readonly Allowance _users = new(1 << 12, burst: 100, TimeSpan.FromSeconds(1));
    private readonly Allowance _addresses = new(1 << 12, burst: 50, TimeSpan.FromSeconds(1));
    private readonly Allowance _pairs = new(1 << 15, burst: 5, TimeSpan.FromSeconds(10));

    // Who is known at an address is looked at although others there failed, and these could guess in that way without bcrypt's time.
    private readonly Allowance _guesses = new(1 << 12, burst: 100, TimeSpan.FromSeconds(1));

    // Who has logged in from where; only a right password gets in here.
    private readonly long[] _known = new long[1 << 12];

    /// <summary>What is known of a user at an address before the password is looked at.</summary>
    public LoginAttempt Look(IPAddress? address, string user)
    {
        var from = KeyOf(address);
        var (pair, who, where) = (HashCode.Combine(user, from), HashCode.Combine(user), HashCode.Combine(from));
        var now = clock.GetUtcNow().UtcTicks;
        var wait = Math.Max(_pairs.WaitFor(pair, now), Math.Max(_users.WaitFor(who, now), _addresses.WaitFor(where, now)));
        var mark = ((long)pair << 32) | (uint)HashCode.Combine(from, user);
        return new LoginAttempt(TimeSpan.FromTicks(wait), Volatile.Read(ref _known[Place(mark)]) == mark && _guesses.WaitFor(pair, now) == 0, pair, who, where, mark);
    }

    /// <summary>Counts a failure.</summary>
    public void Fail(in LoginAttempt attempt)
    {
        var now = clock.GetUtcNow().UtcTicks;
        _pairs.Spend(attempt.Pair, now);
        _users.Spend(attempt.User, now);
        _addresses.Spend(attempt.Address, now);
    }

    /// <summary>Counts a wrong password that was looked at because its user is known here.</summary>
    public void Guess(in LoginAttempt attempt) => _guesses.Spend(attempt.Pair, clock.GetUtcNow().UtcTicks);

    /// <summary>Remembers that this user was right at this address.</summary>
    public void Succeed(in LoginAttempt attempt)
    {
        if (!attempt.IsKnown)
            Volatile.Write(ref _known[Place(attempt.Mark)], attempt.Mark);
    }

    private int Place(long mark) => (int)((ulong)mark % (ulong)_known.Length);

    /// <summary>One customer has a whole network of 64 bits in version 6.</summary>
    private static long KeyOf(IPAddress? address)
    {
        if (address is null)
            return 0;
        Span<byte> bytes = stackalloc byte[16];
        address.TryWriteBytes(bytes, out var length);
        if (length == sizeof(uint))
            return MemoryMarshal.Read<uint>(bytes);
        if (address.IsIPv4MappedToIPv6)
            return MemoryMarshal.Read<uint>(bytes[12..]);
        return MemoryMarshal.Read<long>(bytes);
    }
}

/// <summary>A try to log in, before its outcome is known.</summary>
/// <param name="Wait">How long it has to wait; zero for not at all.</param>
/// <param name="IsKnown">Whether this user has logged in from this address before, and not too many guessed there since.</param>
/// <param name="Pair">The user at the address.</param>
/// <param name="User">The user.</param>
/// <param name="Address">The address.</param>
/// <param name="Mark">What a success is remembered by.</param>
internal readonly record struct LoginAttempt(TimeSpan Wait, bool IsKnown, int Pair, int User, int Address, long Mark);
