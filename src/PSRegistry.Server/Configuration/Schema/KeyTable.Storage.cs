using static PSRegistry.Server.Configuration.KeyKind;
using static PSRegistry.Server.Configuration.KeyState;

namespace PSRegistry.Server.Configuration;

internal static partial class KeyTable
{
    private const string OtherStorage = "Serve from storage.filesystem, or stay with the registry that has this driver until this one does";

    private static KeyRow[] Storage =>
    [
        new("storage", OneOf) { Protects = true },
        new("storage.tag", Section) { Live = true },
        new("storage.tag.concurrencylimit", Integer),
        new("storage.delete", Section) { Live = true },
        new("storage.delete.enabled", Flag),
        new("storage.redirect", Section),
        new("storage.redirect.disable", Flag),
        new("storage.cache", Section, NotYetTuning) { Remedy = "Remove it; the files are read directly" },
        new("storage.cache.{blobdescriptor,layerinfo,blobdescriptorsize}", Any),
        new("storage.maintenance", Section) { Live = true },
        new("storage.maintenance.uploadpurging", Section),
        new("storage.maintenance.uploadpurging.{enabled,dryrun}", Flag),
        new("storage.maintenance.uploadpurging.{age,interval}", DurationText),
        new("storage.maintenance.readonly", Section),
        new("storage.maintenance.readonly.enabled", Flag),
    ];

    private static KeyRow[] StorageDrivers =>
    [
        new("storage.filesystem", Choice),
        new("storage.filesystem.rootdirectory", Text),
        new("storage.filesystem.maxthreads", Any, NotYetTuning) { Remedy = "Remove it; the runtime limits its threads itself" },
        new("storage.inmemory", Choice),

        new("storage.azure", Choice, NotYetProtecting) { Remedy = OtherStorage },
        new("storage.azure.{accountname,accountkey,container,connectionstring,rootdirectory,realm,serviceurl}", Any),
        new("storage.azure.{max_retries,retry_delay,skipverify}", Any),
        new("storage.azure.credentials.{type,clientid,tenantid,secret}", Any),

        new("storage.gcs", Choice, NotYetProtecting) { Remedy = OtherStorage },
        new("storage.gcs.{bucket,keyfile,rootdirectory,chunksize,maxconcurrency,useragent}", Any),
        new("storage.gcs.credentials", FreeForm),

        .. S3("storage.s3"),
        .. S3("storage.s3aws"),

        // Drivers of 2.8 alone.
        new("storage.swift", Choice, NotYetProtecting) { Remedy = OtherStorage },
        new("storage.swift.{username,password,authurl,tenant,tenantid,domain,domainid,tenantdomain,tenantdomainid}", Any),
        new("storage.swift.{trustid,region,authversion,container,prefix,endpointtype,insecureskipverify,chunksize}", Any),
        new("storage.swift.{secretkey,accesskey,tempurlcontainerkey,tempurlmethods}", FreeForm),
        new("storage.oss", Choice, NotYetProtecting) { Remedy = OtherStorage },
        new("storage.oss.{accesskeyid,accesskeysecret,region,bucket,internal,encrypt,secure,chunksize,rootdirectory,endpoint}", Any),
    ];

    /// <summary>The original registers its S3 driver under two names.</summary>
    private static KeyRow[] S3(string name) =>
    [
        new(name, Choice, NotYetProtecting) { Remedy = OtherStorage },
        new(name + ".{accesskey,secretkey,sessiontoken,region,regionendpoint,redirectendpoint,forcepathstyle,accelerate}", Any),
        new(name + ".{bucket,encrypt,keyid,secure,skipverify,v4auth,chunksize,multipartcopychunksize}", Any),
        new(name + ".{multipartcopymaxconcurrency,multipartcopythresholdsize,rootdirectory,storageclass,useragent}", Any),
        new(name + ".{objectacl,usedualstack,usefipsendpoint,loglevel}", Any),
    ];
}
