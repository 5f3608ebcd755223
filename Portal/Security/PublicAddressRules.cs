using System.Net;
using Microsoft.AspNetCore.HttpOverrides;

namespace AspireGateway.Portal.Security;

/// <summary>What the portal believes of where it is and who calls, when a proxy stands before it.</summary>
public static class PublicAddressRules
{
    /// <summary>Takes scheme and host from the settings where they say them, never from a header; and the caller's address from proxies that are trusted.</summary>
    public static void UsePublicAddress(this IApplicationBuilder app, PortalSettings settings)
    {
        if (settings.TrustedProxies.Count > 0)
        {
            var options = new ForwardedHeadersOptions { ForwardedHeaders = ForwardedHeaders.XForwardedFor, ForwardLimit = null };
            options.KnownIPNetworks.Clear();
            options.KnownProxies.Clear();
            foreach (var proxy in settings.TrustedProxies)
                if (IPAddress.TryParse(proxy, out var address)) options.KnownProxies.Add(address);
                else options.KnownIPNetworks.Add(System.Net.IPNetwork.Parse(proxy));
            app.UseForwardedHeaders(options);
        }
        if (settings.PublicUrl is not { } url) return;
        var host = url.IsDefaultPort ? new HostString(url.Host) : new HostString(url.Host, url.Port);
        app.Use((http, next) =>
        {
            (http.Request.Scheme, http.Request.Host) = (url.Scheme, host);
            return next(http);
        });
    }
}
