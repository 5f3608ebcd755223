namespace AspireGateway.Portal.Webhooks.Channels;

/// <summary>The SMTP server that mails go by; section <c>Portal:Mail</c>. The operator's, not a tenant's: tenants name recipients only.</summary>
public sealed class MailOptions
{
    /// <summary>Its host; missing = no mail can be sent.</summary>
    public string? Host { get; set; }

    /// <summary>Its port, 1 to 65535.</summary>
    public int Port { get; set; } = 587;

    /// <summary>Whether the connection is encrypted by STARTTLS; a server that cannot is refused.</summary>
    public bool StartTls { get; set; } = true;

    /// <summary>Who signs in there; missing = nobody does.</summary>
    public string? User { get; set; }

    /// <summary>The password; from the environment or a secret's file, never from the portal.</summary>
    public string? Password { get; set; }

    /// <summary>The sender's address.</summary>
    public string? From { get; set; }
}
