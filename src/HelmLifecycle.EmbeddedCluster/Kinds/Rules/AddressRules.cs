using System.Diagnostics.CodeAnalysis;
using System.Net;
using System.Net.Sockets;

namespace HelmLifecycle.EmbeddedCluster;

/// <summary>Checks of IP addresses. .NET takes shortened forms such as <c>1.2.3</c> for addresses; the API does not.</summary>
internal static class AddressRules
{
    public const string NoAddress = "must be a valid IP address, (e.g. 10.9.8.7 or 2001:db8::ffff)";

    public static bool TryParse(string text, [NotNullWhen(true)] out IPAddress? address)
    {
        address = null;
        bool plausible = text.Contains(':', StringComparison.Ordinal)
            ? text[0] != '[' && !text.Contains('%', StringComparison.Ordinal)
            : text.Split('.') is { Length: 4 } parts && parts.All(p => p.Length > 0 && p.All(char.IsAsciiDigit));
        return plausible && IPAddress.TryParse(text, out address);
    }

    /// <summary>An address, if there is one: false when it is none.</summary>
    public static bool Check(string text, string path, FieldErrors errors)
    {
        if (TryParse(text, out _))
        {
            return true;
        }

        errors.InvalidText(path, text, NoAddress);
        return false;
    }

    /// <summary>An address that traffic may be sent to from anywhere.</summary>
    public static void CheckOrdinary(string text, string path, FieldErrors errors)
    {
        if (!Check(text, path, errors) || !TryParse(text, out IPAddress? address))
        {
            return;
        }

        byte[] bytes = address.GetAddressBytes();
        bool v4 = address.AddressFamily == AddressFamily.InterNetwork;
        if (address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            errors.InvalidText(path, text, $"may not be unspecified ({text})");
        }

        if (IPAddress.IsLoopback(address))
        {
            errors.InvalidText(path, text, "may not be in the loopback range (127.0.0.0/8, ::1/128)");
        }

        if (address.IsIPv6LinkLocal || (v4 && bytes[0] == 169 && bytes[1] == 254))
        {
            errors.InvalidText(path, text, "may not be in the link-local range (169.254.0.0/16, fe80::/10)");
        }

        if (v4 ? bytes[0] == 224 && bytes[1] == 0 && bytes[2] == 0 : address.IsIPv6Multicast && (bytes[1] & 0xf) == 2)
        {
            errors.InvalidText(path, text, "may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)");
        }
    }

    public static bool IsCidr(string text) => TryParseCidr(text, out _);

    public static bool TryParseCidr(string text, out IPNetwork network)
    {
        network = default;
        string[] parts = text.Split('/');
        if (parts.Length != 2 || !TryParse(parts[0], out IPAddress? address) || !int.TryParse(parts[1], out int bits) || bits < 0 || bits > address.GetAddressBytes().Length * 8)
        {
            return false;
        }

        byte[] bytes = address.GetAddressBytes();
        for (int bit = bits; bit < bytes.Length * 8; bit++)
        {
            bytes[bit / 8] &= (byte)~(0x80 >> (bit % 8));
        }

        network = new IPNetwork(new IPAddress(bytes), bits);
        return true;
    }
}
